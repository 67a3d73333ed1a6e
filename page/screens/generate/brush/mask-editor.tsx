/** @file The window in which one paints what is to be drawn anew. */
import { useState } from 'react';
import { useStudio } from '../../../backend/studio-provider.tsx';
import { BrushTools, strokeOf, useBrush } from '../../../parts/brush/brush-tools.tsx';
import { PaintCanvas } from '../../../parts/brush/paint-canvas.tsx';
import { usePictureSize } from '../../../parts/brush/picture-size.ts';
import { maskOf } from '../../../parts/brush/strokes.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { Modal } from '../../../parts/modal.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { useWords } from '../../../words/use-words.tsx';
import type { BeginPicture } from '../draft/draft.ts';
import styles from './mask-editor.module.css';

interface MaskEditorProps {
  readonly begin: BeginPicture;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onPainted: (begin: BeginPicture) => void;
}

export function MaskEditor({ begin, isOpen, onClose, onPainted }: MaskEditorProps) {
  const { t } = useWords();
  return (
    <Modal title={t('generate.paint')} isOpen={isOpen} onClose={onClose}>
      <Editor begin={begin} onClose={onClose} onPainted={onPainted} />
    </Modal>
  );
}

function Editor({ begin, onClose, onPainted }: Omit<MaskEditorProps, 'isOpen'>) {
  const { t } = useWords();
  const studio = useStudio();
  const address = studio.pictureAddress(begin.picture);
  const picture = usePictureSize(address);
  const brush = useBrush(begin.strokes);
  const { strokes, setStrokes } = brush;
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const finish = async () => {
    setBusy(true);
    try {
      const isEmpty = strokes.every((stroke) => stroke.erases);
      const mask = isEmpty
        ? undefined
        : await studio.upload(await maskOf(strokes, picture), 'mask.png');
      onPainted({ ...begin, strokes: isEmpty ? [] : strokes, mask });
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <>
      <p className={styles.lead}>{t('generate.paint-lead')}</p>
      {picture.width > 0 && (
        <PaintCanvas
          {...{ address, strokes }}
          {...picture}
          brush={strokeOf(brush, picture)}
          onStroke={(stroke) => setStrokes((before) => [...before, stroke])}
        />
      )}
      <BrushTools brush={brush}>
        <Button kind="main" isBusy={isBusy} onClick={() => void finish()}>
          {t('generate.paint-done')}
        </Button>
      </BrushTools>
      <ErrorNotice error={error} />
    </>
  );
}
