/** @file What one paints with: a brush of a size, that paints or erases, and steps back. */
import { type ReactNode, useState } from 'react';
import { useWords } from '../../words/use-words.tsx';
import { Button } from '../controls/button.tsx';
import { Choice } from '../controls/choice.tsx';
import { NumberSlider } from '../controls/number-slider.tsx';
import styles from './brush-tools.module.css';
import type { Stroke } from './strokes.ts';

/** The brush and what it has painted so far. */
export interface Brush {
  readonly strokes: readonly Stroke[];
  readonly setStrokes: (change: (before: readonly Stroke[]) => readonly Stroke[]) => void;
  /** Diameter in hundredths of the picture's shorter side. */
  readonly share: number;
  readonly setShare: (share: number) => void;
  readonly erases: boolean;
  readonly setErases: (erases: boolean) => void;
}

export function useBrush(begun: readonly Stroke[] = []): Brush {
  const [strokes, setStrokes] = useState(begun);
  const [share, setShare] = useState(20);
  const [erases, setErases] = useState(false);
  return { strokes, setStrokes, share, setShare, erases, setErases };
}

/** The next stroke on a picture, before its points. */
export function strokeOf(
  { share, erases }: Brush,
  { width, height }: { readonly width: number; readonly height: number },
): Omit<Stroke, 'points'> {
  return { size: Math.max(1, (share / 100) * Math.min(width, height)), erases };
}

interface BrushToolsProps {
  readonly brush: Brush;
  /** Whether there is something to clear besides strokes. */
  readonly hasMore?: boolean;
  readonly onClear?: () => void;
  /** What ends the painting. */
  readonly children: ReactNode;
}

export function BrushTools({ brush, hasMore = false, onClear, children }: BrushToolsProps) {
  const { t } = useWords();
  const { strokes, setStrokes, share, setShare, erases, setErases } = brush;
  const clear = () => {
    setStrokes(() => []);
    onClear?.();
  };
  return (
    <>
      <NumberSlider
        label={t('parts.brush.size')}
        value={share}
        min={1}
        max={60}
        onChange={setShare}
      />
      <div className={styles.tools}>
        <Choice
          label={t('parts.brush')}
          value={erases ? 'erase' : 'paint'}
          onChange={(value) => setErases(value === 'erase')}
          options={[
            { value: 'paint', label: t('parts.brush.paint') },
            { value: 'erase', label: t('parts.brush.erase') },
          ]}
        />
        <Button
          icon="undo"
          disabled={strokes.length === 0}
          onClick={() => setStrokes((before) => before.slice(0, -1))}
        >
          {t('parts.brush.undo')}
        </Button>
        <Button disabled={strokes.length === 0 && !hasMore} onClick={clear}>
          {t('parts.brush.clear')}
        </Button>
        <span className={styles.end}>{children}</span>
      </div>
    </>
  );
}
