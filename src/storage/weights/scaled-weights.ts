/** @file Weights of eight bits that a number of their layer is multiplied onto, as ComfyUI writes them ("scaled fp8"). */
import { FormatError } from '../../base/errors.ts';
import { toFloat32 } from '../../tensor/half.ts';
import { elementCount } from '../../tensor/tensor.ts';
import { readPlace, type WeightPlace } from './weight-place.ts';

/** Under which a layer keeps the number, in either of ComfyUI's spellings. */
const scaleNames = ['scale_weight', 'weight_scale'];

/** What such layers have besides, which only matters to products that are computed in eight bits. */
const companions = ['scale_input', 'input_scale', 'comfy_quant'];

/** Says of a whole part that its layers may be scaled. */
const marker = /(^|\.)scaled_fp8$/;

const ending = '.weight';

/**
 * Weights with their scales, which stand for nothing else and are left out.
 *
 * @throws FormatError FLOAT8_SCALE where a scale is not one number
 */
export async function withScales(
  places: ReadonlyMap<string, WeightPlace>,
  where: string,
): Promise<ReadonlyMap<string, WeightPlace>> {
  const scaled = new Map(places);
  let found = false;
  for (const [name, place] of places) {
    if (!place.entry.dtype.startsWith('f8') || !name.endsWith(ending)) continue;
    found = true;
    const stem = name.slice(0, -ending.length);
    const scaleName = scaleNames.map((each) => `${stem}.${each}`).find((each) => places.has(each));
    const scale = scaleName === undefined ? undefined : places.get(scaleName);
    for (const each of [...scaleNames, ...companions]) scaled.delete(`${stem}.${each}`);
    if (scale === undefined) continue;
    scaled.set(name, { ...place, scale: await numberAt(scale, `${where}: "${scaleName}"`) });
  }
  if (!found) return places;
  for (const name of places.keys()) if (marker.test(name)) scaled.delete(name);
  return scaled;
}

async function numberAt(place: WeightPlace, where: string): Promise<number> {
  const count = elementCount(place.entry.shape);
  const [value = Number.NaN] = count === 1 ? toFloat32(await readPlace(place)).data : [];
  if (Number.isFinite(value)) return value;
  throw new FormatError(
    'FLOAT8_SCALE',
    `${where}: expected one number for the whole layer, found ${count === 1 ? value : `${count} of them`}; take the model in half precision`,
  );
}
