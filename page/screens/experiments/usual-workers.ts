/** @file How many workers share a machine well. */

/** Two pay off where there are four cores. */
const coresPerWorker = 2;

export function usualWorkers(cores: number): number {
  return Math.max(1, Math.floor(cores / coresPerWorker));
}
