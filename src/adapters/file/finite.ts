/** @file Refuses adapters with numbers that nothing can be computed with. */
import { AdapterError } from '../../base/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';

const ofOurs =
  'the training had diverged; take an earlier checkpoint, or train with a lower learning rate';

/** @throws AdapterError ADAPTER_NOT_FINITE naming the first tensor that holds NaN or infinity */
export function requireFinite(
  tensors: ReadonlyMap<string, Tensor<'f32'>>,
  where: string,
  advice: string = ofOurs,
): void {
  for (const [name, { data }] of tensors) {
    const broken = firstNotFinite(data);
    if (broken < 0) continue;
    throw new AdapterError(
      'ADAPTER_NOT_FINITE',
      `${where}: "${name}" holds ${data[broken]} at element ${broken}: ${advice}`,
    );
  }
}

/** Many millions of numbers are looked at: a loop does it several times as fast as findIndex(). */
function firstNotFinite(data: Float32Array): number {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}
