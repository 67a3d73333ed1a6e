/** @file Operations on the queue of trainings. */
import type { JobOperations } from '../../interface/job-operations.ts';
import type { Defined } from '../operation.ts';
import { jobsAdd } from './jobs-add.ts';
import { jobsList } from './jobs-list.ts';
import { jobsMove } from './jobs-move.ts';
import { jobsRemove } from './jobs-remove.ts';
import { jobsRetry } from './jobs-retry.ts';

export const jobOperations: Defined<JobOperations> = {
  'jobs.list': jobsList,
  'jobs.add': jobsAdd,
  'jobs.move': jobsMove,
  'jobs.remove': jobsRemove,
  'jobs.retry': jobsRetry,
};
