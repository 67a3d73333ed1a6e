/** @file Operations on sweeps and their reports. */
import type { ExperimentOperations } from '../../interface/experiment-operations.ts';
import type { Defined } from '../operation.ts';
import { sweepsBundled } from './sweeps-bundled.ts';
import { sweepsCheck } from './sweeps-check.ts';
import { sweepsCreate } from './sweeps-create.ts';
import { sweepsGet } from './sweeps-get.ts';
import { sweepsList } from './sweeps-list.ts';
import { sweepsRemove } from './sweeps-remove.ts';
import { sweepsReport } from './sweeps-report.ts';
import { sweepsStart } from './sweeps-start.ts';
import { sweepsStop } from './sweeps-stop.ts';

export const sweepOperations: Defined<ExperimentOperations> = {
  'sweeps.list': sweepsList,
  'sweeps.get': sweepsGet,
  'sweeps.bundled': sweepsBundled,
  'sweeps.check': sweepsCheck,
  'sweeps.create': sweepsCreate,
  'sweeps.start': sweepsStart,
  'sweeps.stop': sweepsStop,
  'sweeps.report': sweepsReport,
  'sweeps.remove': sweepsRemove,
};
