/** @file What the worker of a training or a sweep is told, and says at its end. */
import type { DetachedWork } from '../processes/detached-work.ts';

export interface WorkQuestion {
  readonly work: DetachedWork;
}

export interface WorkReply {
  /** As the command's: 0 of work that is done, 130 where it was told to stop, 1 where it failed. */
  readonly code: number;
}
