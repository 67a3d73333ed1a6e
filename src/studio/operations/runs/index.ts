/** @file Operations on runs. */
import type { RunOperations } from '../../interface/run-operations.ts';
import type { Defined } from '../operation.ts';
import { runsCheckpoint } from './runs-checkpoint.ts';
import { runsCurve } from './runs-curve.ts';
import { runsGet } from './runs-get.ts';
import { runsList } from './runs-list.ts';
import { runsRemove } from './runs-remove.ts';
import { runsSample } from './runs-sample.ts';
import { runsStop } from './runs-stop.ts';

export const runOperations: Defined<RunOperations> = {
  'runs.list': runsList,
  'runs.get': runsGet,
  'runs.curve': runsCurve,
  'runs.stop': runsStop,
  'runs.checkpoint': runsCheckpoint,
  'runs.sample': runsSample,
  'runs.remove': runsRemove,
};
