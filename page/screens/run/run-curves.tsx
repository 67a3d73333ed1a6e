/** @file Curves of a run, and what its newest step says. */
import { useMemo, useState } from 'react';
import type { RunCurve, RunDetail } from '../../../src/studio/interface/run-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import { Choice } from '../../parts/controls/choice.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FigureList } from '../../parts/figure-list.tsx';
import { type ChartLine, LineChart } from '../../parts/line-chart.tsx';
import { useWords } from '../../words/use-words.tsx';
import { RunSection } from './run-section.tsx';
import { smoothed } from './smoothed-curve.ts';

/** More than a screen has pixels for. */
const points = 1000;
const decay = 0.95;

type CurveName = 'loss' | 'learningRate' | 'memoryBytes';

export function RunCurves({ run: { id } }: { run: RunDetail }) {
  const { t, formats } = useWords();
  const [name, setName] = useState<CurveName>('loss');
  const { data: curve } = useLook('runs.curve', { id, points });
  const titles = {
    loss: t('run.loss'),
    learningRate: t('run.rate'),
    memoryBytes: t('run.memory'),
  } as const;
  // Nobody tells a tab what it holds.
  const isMemoryKnown = curve?.memoryBytes.some((bytes) => bytes > 0) ?? true;
  const names = (['loss', 'learningRate', 'memoryBytes'] as const).filter(
    (each) => each !== 'memoryBytes' || isMemoryKnown,
  );
  const format = name === 'memoryBytes' ? formats.bytes : formats.short;
  const lines = useMemo((): readonly ChartLine[] => {
    if (curve === undefined) return [];
    if (name !== 'loss') return [{ label: titles[name], values: curve[name] }];
    return [
      { label: t('run.loss-each'), values: curve.loss, isQuiet: true },
      { label: t('run.loss-smooth'), values: smoothed(curve.loss, decay) },
    ];
  }, [curve, name, t, titles[name]]);
  const isBegun = curve !== undefined && curve.steps.length > 1;
  return (
    <RunSection
      title={t('run.curve')}
      choice={
        <Choice
          label={t('run.curve')}
          value={name}
          onChange={setName}
          options={names.map((value) => ({ value, label: titles[value] }))}
        />
      }
    >
      {isBegun ? (
        <LineChart
          label={t('run.curve-label', {
            name: titles[name],
            first: format(curve[name][0] ?? 0),
            from: curve.steps[0] ?? 0,
            last: format(curve[name].at(-1) ?? 0),
            to: curve.steps.at(-1) ?? 0,
          })}
          steps={curve.steps}
          lines={lines}
          format={format}
        />
      ) : (
        <EmptyState text={t('run.no-curve')} />
      )}
      {isBegun && <NewestStep curve={curve} />}
    </RunSection>
  );
}

function NewestStep({ curve }: { curve: RunCurve }) {
  const { t, formats } = useWords();
  const { data: session } = useLook('session.get', {});
  const newest = (values: readonly number[]) => values.at(-1) ?? 0;
  const usedBytes = newest(curve.memoryBytes);
  const used = formats.bytes(usedBytes);
  const all = session?.machine.memoryBytes;
  const figures = [
    [t('run.loss'), formats.short(newest(curve.loss))],
    [t('run.rate'), formats.short(newest(curve.learningRate))],
    [t('run.gradient'), formats.short(newest(curve.gradientNorm))],
    [t('run.seconds'), formats.short(newest(curve.seconds))],
  ] as const;
  const memory = [
    t('run.memory-now'),
    all === undefined ? used : t('run.memory-of', { used, all: formats.bytes(all) }),
  ] as const;
  return <FigureList figures={usedBytes > 0 ? [...figures, memory] : figures} />;
}
