/** @file Work in workers of the tab. It ends with the tab, and is gone on with when the page is opened again. */
import { fork, programBeside } from '../../platform/processes.ts';
import type { DetachedProcess, ProcessEnd, StartWork } from '../processes/detached-work.ts';

const program = programBeside(import.meta.url, 'work-program');

/** Starts each work in a worker of its own. */
export const startWorkers: StartWork = async (work): Promise<DetachedProcess> => {
  const worker = fork(program);
  const ended = new Promise<ProcessEnd>((resolve) => {
    worker.on('message', (end: ProcessEnd) => {
      worker.disconnect();
      resolve(end);
    });
    worker.on('exit', (code: number | null, signal: string | null) => resolve({ code, signal }));
  });
  worker.send(work);
  return { pid: worker.pid, ended };
};
