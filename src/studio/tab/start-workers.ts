/** @file Work in workers of the tab. It ends with the tab, and is gone on with when the page is opened again. */
import { fork, programBeside } from '../../platform/processes.ts';
import type { DetachedProcess, ProcessEnd, StartWork } from '../processes/detached-work.ts';
import type { WorkQuestion, WorkReply } from './work-question.ts';

const program = programBeside(import.meta.url, 'work-program');

/** Starts each work in a worker of its own. */
export const startWorkers: StartWork = async (work): Promise<DetachedProcess> => {
  const worker = fork(program);
  const ended = new Promise<ProcessEnd>((resolve) => {
    worker.on('message', ({ code }: WorkReply) => {
      worker.disconnect();
      resolve({ code, signal: null });
    });
    worker.on('exit', (code: number | null, signal: string | null) => resolve({ code, signal }));
  });
  worker.send({ work } satisfies WorkQuestion);
  return { pid: worker.pid, ended };
};
