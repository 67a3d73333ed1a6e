/** @file The sites of a base model and their frozen weights, as adapters ask for them. */
import { type PlacedAdapter, type SiteWeights, startsFromWeights } from '../../adapters/index.ts';
import { invariant } from '../../base/errors.ts';
import { unetSites } from '../../models/unet/sites.ts';
import { joinedWeights } from '../../models/weights.ts';
import type { Site } from '../../nn/index.ts';
import { readPlace } from '../../storage/weights/weight-place.ts';
import { toFloat32 } from '../../tensor/half.ts';
import { reshaped, type Tensor } from '../../tensor/tensor.ts';
import type { BaseModel } from '../base/base-model.ts';
import { textSites, textWeights } from '../text/text-network.ts';

/** Every site of a base model: of its UNet, then of its text encoders. */
export function baseSites(base: Pick<BaseModel, 'unet' | 'textEncoders'>): readonly Site[] {
  return [...unetSites(base.unet.config), ...textSites(base)];
}

/** Reads a site's frozen weight as a matrix [out, in]. */
export type ReadSiteWeight = (site: Site) => Promise<Tensor<'f32'>>;

/** Reads the frozen weights of a base model. */
export function siteWeightReader(base: BaseModel): ReadSiteWeight {
  const { places } = joinedWeights({ ...textWeights(base), unet: base.unet.weights });
  return async ({ name, out, in: inner }) => {
    const place = places.get(`${name}.weight`) ?? places.get(name);
    invariant(place !== undefined, `${name} has no weight`);
    return reshaped(toFloat32(await readPlace(place)), [out, inner]);
  };
}

/** The frozen weights of those sites whose parameters start from them, as matrices [out, in]. */
export async function readSiteWeights(
  base: BaseModel,
  placed: readonly PlacedAdapter[],
): Promise<SiteWeights> {
  const readWeight = siteWeightReader(base);
  const read = new Map<string, Tensor<'f32'>>();
  for (const { sites } of placed.filter(startsFromWeights)) {
    for (const site of sites) read.set(site.name, await readWeight(site));
  }
  return ({ name }) => {
    const weight = read.get(name);
    invariant(weight !== undefined, `the weight of ${name} was not read`);
    return weight;
  };
}
