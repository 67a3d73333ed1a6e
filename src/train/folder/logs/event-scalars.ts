/** @file The numbers of an event that other programs draw as curves. */
import type { TrainEvent } from '../../events.ts';

export interface EventScalars {
  readonly step: number;
  /** By the names that curves have. */
  readonly values: Readonly<Record<string, number>>;
}

/** The numbers of an event; undefined of one that has none. */
export function scalarsOf(event: TrainEvent): EventScalars | undefined {
  const { type } = event;
  if (type === 'step') {
    const { step, loss, learningRate, gradientNorm } = event;
    return { step, values: { loss, learning_rate: learningRate, gradient_norm: gradientNorm } };
  }
  if (type !== 'validation') return undefined;
  const { step, loss, baseLoss, subjects = [] } = event;
  const ofEach = subjects.map((each) => [`validation_loss/${each.subject}`, each.loss] as const);
  const values = { validation_loss: loss, validation_above_base: loss - baseLoss };
  return { step, values: { ...values, ...Object.fromEntries(ofEach) } };
}
