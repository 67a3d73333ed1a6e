/** @file Asking Studio from a component. */
import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
} from '@tanstack/react-query';
import type { FrameContent, InputOf, OutputOf } from '../../src/studio/interface/studio.ts';
import type { ChangeName, LookName } from './operation-kinds.ts';
import { useStudio } from './studio-provider.tsx';

/**
 * What a look answers, kept true by events.
 *
 * @param input undefined where nothing is to be asked yet. While another input is being asked, the last answer stays.
 * @example
 * const { data: runs = [], error } = useLook('runs.list', {});
 */
export function useLook<Name extends LookName>(
  name: Name,
  input: InputOf<Name> | undefined,
): UseQueryResult<OutputOf<Name>> {
  const studio = useStudio();
  return useQuery<OutputOf<Name>>({
    queryKey: [name, input],
    queryFn: ({ signal }) => studio.ask(name, input as InputOf<Name>, signal),
    enabled: input !== undefined,
    placeholderData: keepPreviousData as never,
  });
}

/**
 * A change, ready to be made. What it changes comes back by events.
 *
 * @example
 * const stop = useChange('runs.stop');
 * <Button onClick={() => stop.mutate({ id })} isBusy={stop.isPending}>…</Button>
 */
export function useChange<Name extends ChangeName>(
  name: Name,
): UseMutationResult<OutputOf<Name>, Error, InputOf<Name>> {
  const studio = useStudio();
  return useMutation<OutputOf<Name>, Error, InputOf<Name>>({
    mutationFn: (input) => studio.ask(name, input),
  });
}

/** A report as a frame shows it. */
export function useFramedReport(sweep: string, version: number): UseQueryResult<FrameContent> {
  const studio = useStudio();
  return useQuery<FrameContent>({
    queryKey: ['framedReport', sweep, version],
    queryFn: ({ signal }) => studio.framedReport(sweep, version, signal),
  });
}
