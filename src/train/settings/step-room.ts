/** @file The memory that a step is cut into segments for: as it was given, or what this machine has. */
import { bytesOfSize } from '../../base/byte-size.ts';
import { machineMemory } from '../../platform/machine.ts';

/** What other programs and the rest of the process are left. */
const shareOfSteps = 0.9;

/** Whether a text says how much memory there is: a size, or `auto`. */
export function saysMemory(text: string): boolean {
  return text === 'auto' || bytesOfSize(text) !== undefined;
}

/** Bytes to stay within; undefined where nothing was said, so that a step is made in one piece. */
export function memoryGiven(
  text: string | undefined,
  available = machineMemory(),
): number | undefined {
  return text === 'auto' ? shareOfSteps * available : bytesOfSize(text ?? '');
}
