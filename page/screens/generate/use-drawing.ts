/** @file Asks for drawings: of the form, or of a sweep over the strengths of an adapter. */
import { useState } from 'react';
import { useChange } from '../../backend/use-look.ts';
import { type Draft, requestOf, sweepOf } from './draft/draft.ts';

interface AskedDrawings {
  readonly draw: (draft: Draft) => Promise<void>;
  readonly sweep: (draft: Draft, adapter: string) => Promise<void>;
  /** Ids of the drawings of each sweep. */
  readonly sweeps: readonly (readonly string[])[];
  readonly isBusy: boolean;
  readonly error: Error | null;
}

export function useDrawing(): AskedDrawings {
  const start = useChange('drawings.start');
  const [sweeps, setSweeps] = useState<readonly (readonly string[])[]>([]);
  return {
    draw: async (draft) => {
      await start.mutateAsync(requestOf(draft));
    },
    sweep: async (draft, adapter) => {
      const ids: string[] = [];
      for (const request of sweepOf(draft, adapter)) {
        const { id } = await start.mutateAsync(request);
        ids.push(id);
        setSweeps((before) => [...before.filter((each) => each[0] !== ids[0]), [...ids]]);
      }
    },
    sweeps,
    isBusy: start.isPending,
    error: start.error,
  };
}
