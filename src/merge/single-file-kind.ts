/** @file Which kind of checkpoint a base can be written as: only published sizes, since a file does not state its own. */
import { ConfigError } from '../base/errors.ts';
import type { Value } from '../graph/index.ts';
import { openFamilyConfig } from '../models/families.ts';
import {
  type CheckpointKind,
  type CheckpointKindName,
  checkpointKinds,
} from '../models/single-file/kinds.ts';
import { familyOfLayers, layersOfConfig } from '../models/single-file/unet-layers.ts';
import { traceUNet } from '../models/unet/sites.ts';
import { textClaims, vaeClaims } from '../models/weight-claims.ts';
import type { ModelWeights } from '../models/weights.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { sameShape } from '../tensor/tensor.ts';

/**
 * The kind of checkpoint that a base is, by the sizes of its parts.
 *
 * @throws ConfigError NO_SINGLE_FILE where it is of no published size
 */
export async function kindOfBase(base: BaseModel): Promise<CheckpointKindName> {
  const names = Object.keys(checkpointKinds) as CheckpointKindName[];
  const { contextSize } = base.unet.config;
  const name = names.find((each) => checkpointKinds[each].contextSize === contextSize);
  if (name !== undefined && (await isPublishedSize(base, checkpointKinds[name]))) return name;
  throw new ConfigError(
    'NO_SINGLE_FILE',
    `base "${base.name}" is of no published size (${names.map((each) => checkpointKinds[each].title).join(', ')}), and a single file does not state its sizes; give a folder as \`out\``,
  );
}

async function isPublishedSize(
  { unet, vae, textEncoders }: BaseModel,
  { family: usual }: CheckpointKind,
): Promise<boolean> {
  const family = await familyOfLayers(layersOfConfig(unet.config), usual);
  if (family === undefined) return false;
  const published = await openFamilyConfig(family);
  const { inChannels } = unet.config;
  return (
    textEncoders.length === published.textEncoders.length &&
    claimsFit(unet.weights, traceUNet({ ...published.unet, inChannels }).weights) &&
    claimsFit(vae.weights, vaeClaims(published.vae)) &&
    published.textEncoders.every((text, i) => {
      const own = textEncoders[i];
      return own !== undefined && claimsFit(own.weights, textClaims(text));
    })
  );
}

function claimsFit({ places }: ModelWeights, claims: ReadonlyMap<string, Value>): boolean {
  if (places.size !== claims.size) return false;
  return [...claims].every(([name, { shape }]) => {
    const place = places.get(name);
    return place !== undefined && sameShape(place.entry.shape, shape);
  });
}
