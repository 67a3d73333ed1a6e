/** @file The losses that a run's events tell of. */
import { z } from 'zod';
import { readLines } from '../storage/json-lines.ts';
import type { LossPoint } from './loss-curve.ts';

const stepSchema = z.looseObject({ type: z.literal('step'), step: z.number(), loss: z.number() });

/** The loss of every step, in order; of a step made again after a crash, the last. */
export async function lossesOf(eventsFile: string): Promise<readonly LossPoint[]> {
  const losses = new Map<number, number>();
  for (const line of await readLines(eventsFile)) {
    const parsed = stepSchema.safeParse(line);
    if (parsed.success) losses.set(parsed.data.step, parsed.data.loss);
  }
  return [...losses].sort(([a], [b]) => a - b).map(([step, loss]) => ({ step, loss }));
}
