/** @file How much memory this machine, or the container that the process is in, can give. */
import { totalmem } from 'node:os';

/** Bytes: those of the machine, or of the control group's limit where there is a smaller one. */
export function machineMemory(): number {
  // 0, or more than there is, where nothing limits the process.
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(totalmem(), limit) : totalmem();
}
