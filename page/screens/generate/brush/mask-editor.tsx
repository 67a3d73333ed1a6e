/** @file The window in which one paints what is to be drawn anew. */
import { useEffect, useState } from 'react';
import { useStudio } from '../../../backend/studio-provider.tsx';
import { Button } from '../../../parts/controls/button.tsx';
import { Choice } from '../../../parts/controls/choice.tsx';
import { NumberSlider } from '../../../parts/controls/number-slider.tsx';
import { Modal } from '../../../parts/modal.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { useWords } from '../../../words/use-words.tsx';
import type { BeginPicture } from '../draft/draft.ts';
import styles from './mask-editor.module.css';
import { PaintCanvas } from './paint-canvas.tsx';
import { maskOf, type Stroke } from './strokes.ts';

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
  const picture = useSize(address);
  const [strokes, setStrokes] = useState(begin.strokes);
  const [share, setShare] = useState(20);
  const [erases, setErases] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const side = Math.min(picture.width, picture.height);
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
          brush={{ size: Math.max(1, (share / 100) * side), erases }}
          onStroke={(stroke: Stroke) => setStrokes((before) => [...before, stroke])}
        />
      )}
      <NumberSlider
        label={t('generate.brush-size')}
        value={share}
        min={1}
        max={60}
        onChange={setShare}
      />
      <div className={styles.tools}>
        <Choice
          label={t('generate.brush')}
          value={erases ? 'erase' : 'paint'}
          onChange={(value) => setErases(value === 'erase')}
          options={[
            { value: 'paint', label: t('generate.brush-paint') },
            { value: 'erase', label: t('generate.brush-erase') },
          ]}
        />
        <Button
          icon="undo"
          disabled={strokes.length === 0}
          onClick={() => setStrokes((before) => before.slice(0, -1))}
        >
          {t('generate.undo')}
        </Button>
        <Button disabled={strokes.length === 0} onClick={() => setStrokes([])}>
          {t('generate.clear')}
        </Button>
        <Button kind="main" isBusy={isBusy} className={styles.done} onClick={() => void finish()}>
          {t('generate.paint-done')}
        </Button>
      </div>
      <ErrorNotice error={error} />
    </>
  );
}

/** Pixels of a picture; 0 until they are known. */
function useSize(address: string): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const image = new Image();
    image.onload = () => setSize({ width: image.naturalWidth, height: image.naturalHeight });
    image.src = address;
    return () => {
      image.onload = null;
    };
  }, [address]);
  return size;
}
