/** @file Adds a training to the queue and waits for its run, so that its page can be opened. */
import { useEffect, useState } from 'react';
import type { JobRequest } from '../../src/studio/interface/job-operations.ts';
import { StudioError } from '../backend/studio-error.ts';
import { useChange, useLook } from '../backend/use-look.ts';

interface BegunTraining {
  readonly begin: (request: JobRequest) => void;
  readonly isBusy: boolean;
  readonly error: Error | null;
}

/** @param onBegun hears the id of the run; not where the job has to wait for others: the strip shows it then */
export function useBeginTraining(onBegun: (run: string) => void): BegunTraining {
  const add = useChange('jobs.add');
  const [job, setJob] = useState<string>();
  const { data: jobs = [] } = useLook('jobs.list', {});
  const found = jobs.find(({ id }) => id === job);
  const run = found?.run;
  useEffect(() => {
    if (run === undefined) return;
    setJob(undefined);
    onBegun(run);
  }, [run, onBegun]);
  const isAlone = !jobs.some(({ id, state }) => id !== job && state === 'running');
  return {
    begin: (request) => add.mutate(request, { onSuccess: ({ id }) => setJob(id) }),
    isBusy: add.isPending || (job !== undefined && found?.state !== 'failed' && isAlone),
    error: add.error ?? (found?.state === 'failed' ? new StudioError(found) : null),
  };
}
