/** @file The base that a plan is made for: a shipped family's configuration, or that of a folder. No weights are read. */
import { join, resolve } from 'node:path';
import { ModelError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { pocketFolder } from '../data/pocket.ts';
import { families, isFamilyName, openFamilyConfig } from '../models/families.ts';
import { parseUNetConfig } from '../models/unet/config.ts';
import { traceUNet } from '../models/unet/sites.ts';
import type { Site } from '../nn/index.ts';
import { type Recommendation, readRecommendation } from '../pipeline/recommendation.ts';
import { readJson } from '../storage/json-file.ts';
import { elementCount } from '../tensor/tensor.ts';
import { kindOfPath } from './path-kind.ts';

export interface PlanBase {
  readonly name: string;
  readonly title: string;
  /** Every place of the UNet that an adapter may attach to. */
  readonly sites: readonly Site[];
  /** Of the whole UNet. */
  readonly parameters: number;
  readonly recommendation: Recommendation;
}

const nothingRecommended: Recommendation = { train: {}, generate: {}, adapters: {} };

/**
 * The base by its name: a family (sd15, sd21, sdxl, sdxl-refiner), pocket, or a folder with a UNet's config.json.
 *
 * @throws ModelError NOT_A_MODEL, or what the configuration does wrong
 */
export async function openPlanBase(name: string): Promise<PlanBase> {
  if (isFamilyName(name)) {
    const { unet } = await openFamilyConfig(name);
    const { title } = families[name];
    return { name, title, recommendation: nothingRecommended, ...traced(unet) };
  }
  const folder = name === 'pocket' ? pocketFolder() : resolve(name);
  const path = await unetConfigPath(folder, name);
  const unet = parseUNetConfig(await readJson(path, 'UNet configuration'), path);
  const recommendation = await readRecommendation(folder);
  const title = name === 'pocket' ? 'the bundled pocket model' : folder;
  return { name, title, recommendation, ...traced(unet) };
}

function traced(config: Parameters<typeof traceUNet>[0]): Pick<PlanBase, 'sites' | 'parameters'> {
  const { sites, weights } = traceUNet(config);
  const sizes = [...weights.values()].map((value) => elementCount(value.shape));
  return { sites, parameters: sizes.reduce((sum, size) => sum + size, 0) };
}

async function unetConfigPath(folder: string, name: string): Promise<string> {
  for (const path of [join(folder, 'unet', 'config.json'), join(folder, 'config.json')]) {
    if ((await kindOfPath(path)) === 'file') return path;
  }
  const known = ['pocket', ...Object.keys(families)];
  throw new ModelError(
    'NOT_A_MODEL',
    `base "${name}": expected one of ${known.join(', ')}, or a folder with unet/config.json; found no such file in ${folder}${didYouMean(name, known)}`,
  );
}
