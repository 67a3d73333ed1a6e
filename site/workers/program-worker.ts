/** @file A worker that is one of the programs of Studio, by its name. */
import { ownProgram } from '../../src/platform/browser/processes/worker-process.ts';
import { setUpWorker } from './set-up.ts';

/** Each is loaded by who is it. */
const programs: Readonly<Record<string, () => Promise<unknown>>> = {
  'adapter-program': () => import('../../src/studio/adapters/adapter-program.ts'),
  'draw-program': () => import('../../src/studio/drawings/draw-program.ts'),
  'plan-program': () => import('../../src/studio/plans/plan-program.ts'),
  'sheet-program': () => import('../../src/studio/comparisons/sheet/sheet-program.ts'),
  'sweep-program': () => import('../../src/studio/sweeps/sweep-program.ts'),
  'task-program': () => import('../../src/experiments/sweep/work/task-program.ts'),
  'work-program': () => import('../../src/studio/tab/work-program.ts'),
};

setUpWorker();
const program = ownProgram() ?? '';
const load = programs[program];
if (load === undefined) throw new Error(`internal: there is no program "${program}"`);
await load();
