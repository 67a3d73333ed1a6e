/** @file All that computes now: runs, experiments, drawings and comparisons, each with how far it is. */
import { useLook } from '../backend/use-look.ts';
import { isUnderWay, promptOf } from '../parts/words/drawing-words.ts';
import { addressOf } from '../screens/compare/request/comparison-address.ts';
import { useWords } from '../words/use-words.tsx';

export interface Work {
  /** Address of the page that shows it. */
  readonly to: string;
  readonly name: string;
  /** 0 to 1; undefined while nobody knows. */
  readonly share: number | undefined;
  /** How far it is, in words. */
  readonly far: string;
  readonly secondsLeft?: number | undefined;
}

/** The longest first. Of drawings, which wait for each other, the one whose turn it is. */
export function useWorks(): readonly Work[] {
  return [...useRuns(), ...useSweeps(), ...useDrawings(), ...useComparisons()];
}

function useRuns(): readonly Work[] {
  const { t, formats } = useWords();
  const { data: runs = [] } = useLook('runs.list', {});
  return runs
    .filter(({ state }) => state.state === 'running')
    .map(({ id, name, steps, state: { step }, secondsLeft }) => ({
      ...{ to: `/runs/${encodeURIComponent(id)}`, name, secondsLeft },
      share: step === 0 ? undefined : step / steps,
      far: step === 0 ? t('run.state.running') : formats.percent(step / steps),
    }));
}

function useSweeps(): readonly Work[] {
  const { t } = useWords();
  const { data: sweeps = [] } = useLook('sweeps.list', {});
  return sweeps
    .filter(({ state }) => state.state === 'running')
    .map(({ id, title, done, total, secondsLeft }) => ({
      ...{ to: `/experiments/${encodeURIComponent(id)}`, name: title, secondsLeft },
      share: total === 0 ? undefined : done / total,
      far:
        total === 0 ? t('experiments.state.running') : t('experiments.tasks-of', { done, total }),
    }));
}

function useDrawings(): readonly Work[] {
  const { t } = useWords();
  const { data: drawings = [] } = useLook('drawings.list', {});
  // The latest stands first, and the first asked for has its turn.
  const drawing = drawings.findLast(isUnderWay);
  if (drawing === undefined) return [];
  const { state, progress, done, total, secondsLeft } = drawing;
  const isWaiting = state === 'waiting';
  return [
    {
      ...{ to: '/generate', name: promptOf(drawing), secondsLeft },
      share: isWaiting ? undefined : progress,
      far: isWaiting ? t('generate.waiting') : t('generate.done-of', { done, total }),
    },
  ];
}

function useComparisons(): readonly Work[] {
  const { t } = useWords();
  const { data: comparisons = [] } = useLook('comparisons.list', {});
  return comparisons.map(({ request, done, total }) => ({
    ...{ to: addressOf(request), name: t('compare.grid'), share: done / total },
    far: t('generate.done-of', { done, total }),
  }));
}
