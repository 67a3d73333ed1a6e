/** @file Work in workers of the tab. It ends with the tab, and is gone on with when the page is opened again. */
import { fork, programBeside } from '../../platform/browser/processes.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import type { ProcessEnd, StartWork } from '../processes/detached-work.ts';

const program = programBeside(import.meta.url, 'work-program');

/** Starts each work in a worker of its own. */
export const startWorkers: StartWork = async (work) => {
  await writeFileAtomic(work.log, '');
  const worker = fork(program);
  const ended = new Promise<ProcessEnd>((resolve) => {
    worker.on('message', (end: ProcessEnd) => {
      worker.disconnect();
      resolve(end);
    });
    worker.on('exit', async (code: number | null, signal: string | null) => {
      const { said } = worker;
      if (said !== '') await writeFileAtomic(work.log, said).catch(() => {});
      resolve({ code, signal });
    });
  });
  worker.send(work);
  return { pid: worker.pid, ended };
};
