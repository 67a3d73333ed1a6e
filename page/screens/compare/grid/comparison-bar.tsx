/** @file How much of a comparison is drawn, and what one can do with the whole of it. */
import { useEffect, useId, useRef } from 'react';
import type {
  Comparison,
  ComparisonRequest,
} from '../../../../src/studio/interface/comparison-operations.ts';
import { useChange } from '../../../backend/use-look.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { useMessages } from '../../../parts/messages.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { Progress } from '../../../parts/progress.tsx';
import { useWaitsWords } from '../../../parts/words/waits-words.ts';
import { useWords } from '../../../words/use-words.tsx';
import styles from './comparison-view.module.css';

interface ComparisonBarProps {
  readonly comparison: Comparison;
  /** What the form says now, which is what a press draws: it may come before the comparison follows. */
  readonly asked: ComparisonRequest | undefined;
  readonly size: number;
  readonly onSize: (size: number) => void;
}

export function ComparisonBar({ comparison, asked, size, onSize }: ComparisonBarProps) {
  const { t } = useWords();
  const zoom = useId();
  const draw = useChange('comparisons.draw');
  const cancel = useChange('comparisons.cancel');
  const { request, drawn, toDraw, isDrawing } = comparison;
  return (
    <div className={styles.bar}>
      <div className={styles.line}>
        <Counts comparison={comparison} />
        {isDrawing ? (
          <Button isBusy={cancel.isPending} onClick={() => cancel.mutate({ request })}>
            {cancel.isPending ? t('compare.cancelling') : t('parts.cancel')}
          </Button>
        ) : (
          toDraw > 0 && (
            <Button
              kind="main"
              disabled={asked === undefined}
              isBusy={draw.isPending || cancel.isPending}
              onClick={() => asked !== undefined && draw.mutate({ request: asked })}
            >
              {t('compare.draw', { n: toDraw })}
            </Button>
          )
        )}
        <label htmlFor={zoom} className={styles.zoom}>
          {t('compare.zoom')}
          <input
            id={zoom}
            type="range"
            min={64}
            max={512}
            step={16}
            value={size}
            onChange={({ target }) => onSize(target.valueAsNumber)}
          />
        </label>
      </div>
      {isDrawing && <Progress label={t('compare.progress')} share={drawn / (drawn + toDraw)} />}
      <ErrorNotice error={draw.error ?? cancel.error} />
    </div>
  );
}

function Counts({ comparison }: { readonly comparison: Comparison }) {
  const { t, formats } = useWords();
  const { announce } = useMessages();
  const waits = useWaitsWords();
  const { drawn, toDraw, secondsLeft, isDrawing, waitsFor } = comparison;
  const parts = [
    t('compare.drawn', { n: drawn }),
    ...(toDraw === 0 ? [] : [t('compare.to-draw', { n: toDraw })]),
    ...(toDraw === 0 || secondsLeft === undefined
      ? []
      : [t('compare.about', { time: formats.duration(secondsLeft) })]),
  ];
  const text = parts.join(' · ');
  const wasDrawing = useRef(false);
  useEffect(() => {
    if (isDrawing || wasDrawing.current) announce(text);
    wasDrawing.current = isDrawing;
  }, [isDrawing, text, announce]);
  return (
    <p className={styles.counts}>
      {text}
      {waitsFor !== undefined && isDrawing && (
        <span className={styles.waits}>{waits(waitsFor)}</span>
      )}
    </p>
  );
}
