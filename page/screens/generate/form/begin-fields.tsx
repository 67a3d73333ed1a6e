/** @file The picture to begin with, how much of it may change, and which part. */
import { useState } from 'react';
import { Button } from '../../../parts/controls/button.tsx';
import { FileButton } from '../../../parts/controls/file-button.tsx';
import { NumberSlider } from '../../../parts/controls/number-slider.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { Picture } from '../../../parts/pictures/picture.tsx';
import { pictureTypes } from '../../../parts/pictures/picture-files.ts';
import { useWords } from '../../../words/use-words.tsx';
import { MaskEditor } from '../brush/mask-editor.tsx';
import type { Draft } from '../draft/draft.ts';
import type { ChangeDraft } from '../draft/use-drawing-draft.ts';
import styles from './form.module.css';

/** As drawing has it, without a mask and with one. */
const usualNoise = 0.6;
const usualNoiseOfMask = 1;

interface BeginFieldsProps {
  readonly draft: Draft;
  readonly change: ChangeDraft;
  /** Hears one. */
  readonly onFiles: (files: readonly File[]) => void;
}

export function BeginFields({ draft, change, onFiles }: BeginFieldsProps) {
  const { t } = useWords();
  const [isPainting, setPainting] = useState(false);
  const { begin, others } = draft;
  const usual = begin?.mask === undefined ? usualNoise : usualNoiseOfMask;
  const noise = typeof others.noise === 'number' ? others.noise : usual;
  if (begin === undefined) {
    return (
      <div className={styles.begin}>
        <p className={styles.quiet}>{t('generate.begin-hint')}</p>
        <div>
          <FileButton icon="upload" accept={pictureTypes} isSingle onFiles={onFiles}>
            {t('generate.begin-choose')}
          </FileButton>
        </div>
      </div>
    );
  }
  const { noise: _, ...withoutNoise } = others;
  return (
    <div className={styles.begin}>
      <div className={styles.beginning}>
        <Picture picture={begin.picture} alt={t('generate.begin-alt')} width={240} />
        <div className={styles.column}>
          {begin.mask !== undefined && (
            <p className={styles.quiet}>
              <Icon name="brush" size={16} /> {t('generate.painted')}
            </p>
          )}
          <Button icon="brush" onClick={() => setPainting(true)}>
            {begin.mask === undefined ? t('generate.paint') : t('generate.paint-again')}
          </Button>
          <Button
            kind="quiet"
            icon="close"
            onClick={() => change({ begin: undefined, others: withoutNoise })}
          >
            {t('generate.begin-remove')}
          </Button>
        </div>
      </div>
      <NumberSlider
        label={t('generate.noise')}
        value={noise}
        min={0.05}
        max={1}
        step={0.05}
        usual={usual}
        isStacked
        onChange={(value) => change({ others: { ...others, noise: value } })}
      />
      <MaskEditor
        begin={begin}
        isOpen={isPainting}
        onClose={() => setPainting(false)}
        onPainted={(painted) => change({ begin: painted })}
      />
    </div>
  );
}
