/** @file What there is to compare: all runs, and the steps of those that are compared. */
import { useQueries } from '@tanstack/react-query';
import { useStudio } from '../../../backend/studio-provider.tsx';
import { useLook } from '../../../backend/use-look.ts';
import { isComparable, type Known, stepsOf } from './usual-comparison.ts';

/** @param asked ids of the runs that are compared; without any, the latest stands for them */
export function useKnown(
  asked: readonly string[],
): (Known & { readonly isWhole: boolean }) | undefined {
  const studio = useStudio();
  const { data: runs } = useLook('runs.list', {});
  const latest = runs?.find(isComparable)?.id;
  const ids = asked.length > 0 ? asked : latest === undefined ? [] : [latest];
  const found = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['runs.get', { id }],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        studio.ask('runs.get', { id }, signal),
    })),
  });
  if (runs === undefined) return undefined;
  // A run that is gone is none; whoever asks for its pictures is told.
  const details = found.flatMap(({ data }) => data ?? []);
  return {
    runs,
    run: details[0],
    steps: details.length === 0 ? [] : stepsOf(details),
    isWhole: !found.some(({ isPending }) => isPending),
  };
}
