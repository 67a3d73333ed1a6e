/** @file Through the steps of all samples at once: by slider, or played. */
import { useEffect, useId, useState } from 'react';
import { Button } from '../../../parts/controls/button.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './sample-slider.module.css';

interface SampleSliderProps {
  readonly steps: readonly number[];
  readonly step: number;
  readonly onChange: (step: number) => void;
}

/** Milliseconds a step is shown while playing. */
const frame = 600;

export function SampleSlider({ steps, step, onChange }: SampleSliderProps) {
  const { t } = useWords();
  const id = useId();
  const [isPlaying, setPlaying] = useState(false);
  const index = Math.max(0, steps.indexOf(step));
  const last = steps.length - 1;
  const show = (next: number) => {
    const shown = steps[next];
    if (shown !== undefined) onChange(shown);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: every step sets the clock anew
  useEffect(() => {
    if (!isPlaying) return;
    if (index >= last) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => show(index + 1), frame);
    return () => clearTimeout(timer);
  }, [isPlaying, index]);
  const play = () => {
    if (index >= last) show(0);
    setPlaying(!isPlaying);
  };
  return (
    <div className={styles.slider}>
      <Button
        icon={isPlaying ? 'pause' : 'play'}
        aria-label={isPlaying ? t('run.stop-playing') : t('run.play')}
        disabled={last < 1}
        onClick={play}
      />
      <label htmlFor={id} className={styles.label}>
        {t('run.at-step')} <output htmlFor={id}>{step}</output>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={Math.max(1, last)}
        value={index}
        disabled={last < 1}
        aria-valuetext={t('run.before', { step })}
        onChange={({ target }) => {
          setPlaying(false);
          show(target.valueAsNumber);
        }}
      />
      <Button kind="quiet" disabled={index >= last} onClick={() => show(last)}>
        {t('run.newest')}
      </Button>
    </div>
  );
}
