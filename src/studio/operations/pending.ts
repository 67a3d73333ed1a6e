/** @file Operations of the interface that the server does not have yet. Empty once it is whole. */
import type { DatasetOperations } from '../interface/dataset-operations.ts';

/** Whoever adds an area takes its line away. */
export type PendingOperation = keyof DatasetOperations;
