/** @file The difference of two checkpoints of one architecture, read weight by weight. */
import { ModelError } from '../base/errors.ts';
import { joinedWeights, type ModelWeights } from '../models/weights.ts';
import { siteWeightReader } from '../pipeline/adapters/site-weights.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { textWeights } from '../pipeline/text/text-network.ts';
import { readPlace } from '../storage/weights/weight-place.ts';
import { toFloat32 } from '../tensor/half.ts';
import { float32, formatShape, sameShape } from '../tensor/tensor.ts';
import type { ReadChange } from './site-errors.ts';

/** A weight of both checkpoints. */
export interface WeightChange {
  /** `unet.conv_in.bias` */
  readonly name: string;
  /** ‖ΔW‖² */
  readonly squares: number;
}

/** ΔW of every site: what the tuned model has more than its base. */
export function changeReader(tuned: BaseModel, base: BaseModel): ReadChange {
  const [readTuned, readBase] = [siteWeightReader(tuned), siteWeightReader(base)];
  return async (site) => {
    const [after, before] = [await readTuned(site), await readBase(site)];
    return float32(
      after.shape,
      after.data.map((value, i) => value - (before.data[i] ?? 0)),
    );
  };
}

/**
 * How much each weight of the UNet and the text encoders changed, holding one at a time.
 *
 * @throws ModelError MODELS_DIFFER where the two are built differently
 */
export async function* weightChanges(
  tuned: BaseModel,
  base: BaseModel,
): AsyncIterable<WeightChange & { readonly total: number }> {
  const [after, before] = [allWeights(tuned), allWeights(base)];
  requireSameBuild(after, before);
  for (const [name, place] of before.places) {
    const other = after.places.get(name);
    if (other === undefined) throw new Error(`internal: ${name} is in one checkpoint only`);
    const [a, b] = [toFloat32(await readPlace(other)).data, toFloat32(await readPlace(place)).data];
    let squares = 0;
    for (let i = 0; i < b.length; i++) squares += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
    yield { name, squares, total: before.places.size };
  }
}

function allWeights(model: BaseModel): ModelWeights {
  return joinedWeights({ unet: model.unet.weights, ...textWeights(model) });
}

function requireSameBuild(tuned: ModelWeights, base: ModelWeights): void {
  const names = new Set([...base.places.keys(), ...tuned.places.keys()]);
  for (const name of names) {
    const [a, b] = [tuned.places.get(name)?.entry.shape, base.places.get(name)?.entry.shape];
    if (a !== undefined && b !== undefined && sameShape(a, b)) continue;
    const shown = (shape: readonly number[] | undefined) =>
      shape === undefined ? 'missing' : formatShape(shape);
    throw new ModelError(
      'MODELS_DIFFER',
      `the tuned model and its base are built differently: "${name}" is ${shown(a)} in ${tuned.folder} and ${shown(b)} in ${base.folder}; give the model that it was tuned from`,
    );
  }
}
