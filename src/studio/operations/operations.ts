/** @file Every operation of Studio, by name; a line for each area. */
import type { OperationName, Operations } from '../interface/studio.ts';
import { adapterOperations } from './adapters/index.ts';
import { comparisonOperations } from './comparisons/index.ts';
import { datasetOperations } from './datasets/index.ts';
import { drawingOperations } from './drawings/index.ts';
import { formOperations } from './forms/index.ts';
import { jobOperations } from './jobs/index.ts';
import { machineOperations } from './machine/index.ts';
import type { Defined } from './operation.ts';
import { runOperations } from './runs/index.ts';
import { sweepOperations } from './sweeps/index.ts';

export const operations: Defined<Operations> = {
  ...machineOperations,
  ...runOperations,
  ...drawingOperations,
  ...sweepOperations,
  ...formOperations,
  ...adapterOperations,
  ...comparisonOperations,
  ...jobOperations,
  ...datasetOperations,
};

/** Whether a text names an operation that is there. */
export function isOperationName(name: string): name is keyof typeof operations & OperationName {
  return Object.hasOwn(operations, name);
}
