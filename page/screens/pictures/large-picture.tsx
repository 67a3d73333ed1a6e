/** @file A picture of a set, large; arrows lead to the others, and its frame can be moved. */
import { type KeyboardEvent, useState } from 'react';
import type { Dataset, DatasetPicture } from '../../../src/studio/interface/dataset-operations.ts';
import { Button } from '../../parts/controls/button.tsx';
import { Modal } from '../../parts/modal.tsx';
import { CropFrame } from '../../parts/pictures/crop-frame.tsx';
import { useWords } from '../../words/use-words.tsx';
import { freeWay } from './frame/frame-place.ts';
import { MovableFrame } from './frame/movable-frame.tsx';
import styles from './large-picture.module.css';
import { MaskPainting } from './mask/mask-painting.tsx';

interface LargePictureProps {
  readonly dataset: Dataset;
  /** Undefined where none is shown. */
  readonly name: string | undefined;
  readonly onOpen: (name: string | undefined) => void;
}

export function LargePicture({ dataset, name, onOpen }: LargePictureProps) {
  const { t } = useWords();
  const [painted, setPainted] = useState<string>();
  const { id, isBundled, pictures } = dataset;
  const at = pictures.findIndex((picture) => picture.name === name);
  const picture = pictures[at];
  const way = picture === undefined || isBundled ? undefined : freeWay(picture);
  const open = (place: number) => {
    const next = pictures[place];
    if (next !== undefined) onOpen(next.name);
  };
  const close = () => {
    setPainted(undefined);
    onOpen(undefined);
  };
  const onKeyDown = ({ key, target }: KeyboardEvent) => {
    // There they move the frame, or the brush.
    if (target instanceof HTMLInputElement || painted !== undefined) return;
    if (key === 'ArrowLeft') open(at - 1);
    if (key === 'ArrowRight') open(at + 1);
  };
  return (
    <Modal
      title={picture?.name ?? ''}
      isOpen={picture !== undefined}
      onClose={close}
      onKeyDown={onKeyDown}
    >
      {picture !== undefined && painted === picture.name && (
        <MaskPainting dataset={id} picture={picture} onEnd={() => setPainted(undefined)} />
      )}
      {picture !== undefined && painted !== picture.name && (
        <div className={styles.shown}>
          {way === undefined ? (
            <div className={styles.picture}>
              <CropFrame
                picture={picture}
                alt={t('pictures.alt', { name: picture.name })}
                width={1280}
              />
            </div>
          ) : (
            <MovableFrame key={picture.name} {...{ dataset: id, picture, way }} width={1280} />
          )}
          <div className={styles.below}>
            <Button
              icon="left"
              aria-label={t('pictures.previous')}
              aria-disabled={at === 0}
              onClick={() => open(at - 1)}
            />
            <Facts picture={picture} />
            <Button
              icon="right"
              aria-label={t('pictures.next')}
              aria-disabled={at === pictures.length - 1}
              onClick={() => open(at + 1)}
            />
          </div>
          {!isBundled && (
            <Button icon="brush" className={styles.paint} onClick={() => setPainted(picture.name)}>
              {t(picture.mask === undefined ? 'pictures.mask-paint' : 'pictures.mask-change')}
            </Button>
          )}
        </div>
      )}
    </Modal>
  );
}

function Facts({ picture }: { picture: DatasetPicture }) {
  const { t, formats } = useWords();
  const { width, height, bytes, crop, isMoved, mask, trainedWidth, trainedHeight } = picture;
  const cut = 1 - (crop.width * crop.height) / (width * height);
  const facts = [
    `${width} × ${height}`,
    formats.bytes(bytes),
    t('pictures.trained-as', { width: trainedWidth, height: trainedHeight }),
    ...(cut < 0.005 ? [] : [t('pictures.cut-away', { share: formats.percent(cut) })]),
    ...(isMoved ? [t('pictures.frame-moved')] : []),
    ...(mask === undefined ? [] : [t('pictures.masked')]),
  ];
  return <p>{facts.join(' · ')}</p>;
}
