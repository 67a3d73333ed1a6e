/** @file A picture whose mask one paints: what of it is learned. */
import { useState } from 'react';
import type { DatasetPicture } from '../../../../src/studio/interface/dataset-operations.ts';
import { useStudio } from '../../../backend/studio-provider.tsx';
import { useChange } from '../../../backend/use-look.ts';
import { BrushTools, strokeOf, useBrush } from '../../../parts/brush/brush-tools.tsx';
import { PaintCanvas } from '../../../parts/brush/paint-canvas.tsx';
import { usePaintedMask } from '../../../parts/brush/painted-mask.ts';
import { usePictureSize } from '../../../parts/brush/picture-size.ts';
import { maskOf } from '../../../parts/brush/strokes.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { maskAddress } from '../../../parts/pictures/mask-veil.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './mask-painting.module.css';

interface MaskPaintingProps {
  readonly dataset: string;
  readonly picture: DatasetPicture;
  readonly onEnd: () => void;
}

export function MaskPainting({ dataset, picture, onEnd }: MaskPaintingProps) {
  const { t } = useWords();
  const studio = useStudio();
  const { name, mask } = picture;
  const address = studio.pictureAddress(picture.picture);
  const size = usePictureSize(address);
  const [isCleared, setCleared] = useState(false);
  const known = mask === undefined || isCleared ? undefined : maskAddress(studio, mask);
  const before = usePaintedMask(known);
  // Painted over before it is there, it would be lost.
  const isLoading = known !== undefined && before === undefined;
  const brush = useBrush();
  const { strokes, setStrokes } = brush;
  const change = useChange('datasets.mask');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const isNothing = known === undefined && strokes.every(({ erases }) => erases);
  const isSame = known !== undefined && strokes.length === 0;
  const save = async () => {
    if (isSame) return onEnd();
    setBusy(true);
    try {
      const painted = isNothing
        ? null
        : await studio.upload(await maskOf(strokes, size, before), 'mask.png');
      await change.mutateAsync({ id: dataset, name, mask: painted });
      onEnd();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <>
      <p className={styles.lead}>{t('pictures.mask-lead')}</p>
      {size.width > 0 && !isLoading && (
        <PaintCanvas
          {...{ address, strokes, before }}
          {...size}
          brush={strokeOf(brush, size)}
          onStroke={(stroke) => setStrokes((earlier) => [...earlier, stroke])}
        />
      )}
      <BrushTools brush={brush} hasMore={known !== undefined} onClear={() => setCleared(true)}>
        <Button onClick={onEnd}>{t('pictures.mask-cancel')}</Button>
        <Button kind="main" isBusy={isBusy || isLoading} onClick={() => void save()}>
          {t('pictures.mask-save')}
        </Button>
      </BrushTools>
      <ErrorNotice error={error} />
    </>
  );
}
