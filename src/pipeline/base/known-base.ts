/** @file The base that a plan is made for, known from configurations; the headers of weight files are read where they are. */
import { ModelError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import { families, isFamilyName } from '../../models/families.ts';
import { traceUNet, unetSites } from '../../models/unet/sites.ts';
import { parseUNetConfig, type UNetConfig } from '../../models/unet/unet-config.ts';
import type { Site } from '../../nn/index.ts';
import { join, resolve } from '../../platform/paths.ts';
import { readJson } from '../../storage/files/json-file.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import { hubNameUnlessPath } from '../../storage/hub/local-first.ts';
import { kindOfPath } from '../../storage/path-kind.ts';
import { isTensorFileName } from '../../storage/weights/tensor-file.ts';
import { elementCount } from '../../tensor/tensor.ts';
import { baseSites } from '../adapters/site-weights.ts';
import type { BaseModel } from './base-model.ts';
import { openOutline } from './base-outline.ts';
import { outlineModel } from './model-outline.ts';
import { openBaseModel } from './open-base.ts';
import { type Recommendation, readRecommendation } from './recommended/recommendation.ts';

export interface KnownBase {
  readonly name: string;
  readonly title: string;
  /** Every place that an adapter may attach to. */
  readonly sites: readonly Site[];
  /** Of the whole UNet. */
  readonly parameters: number;
  readonly recommendation: Recommendation;
  /** What a training step can be planned for; undefined where only the UNet's configuration is known. */
  readonly model: BaseModel | undefined;
}

/**
 * The base by its name: a family (sd15, sd21, sdxl, ssd-1b), pocket, a folder with a UNet's config.json, a single file, or a
 * model of the hub, of which only the configurations are fetched.
 *
 * @throws ModelError NOT_A_MODEL, or what a configuration or the hub does wrong
 */
export async function openKnownBase(name: string, host: HubHost = {}): Promise<KnownBase> {
  if (isFamilyName(name)) {
    return knownBase(await outlineModel(name, name), families[name].title);
  }
  if (name === 'pocket') return knownBase(await openBaseModel(name), 'the bundled pocket model');
  if (isTensorFileName(name)) return knownBase(await openBaseModel(name), resolve(name));
  if ((await hubNameUnlessPath(name)) !== undefined) {
    const model = await openOutline(name, host);
    return knownBase(model, model.name);
  }
  return await openFolder(name, resolve(name));
}

async function openFolder(name: string, folder: string): Promise<KnownBase> {
  const isThere = async (...path: string[]) => (await kindOfPath(join(folder, ...path))) === 'file';
  if (await isThere('model_index.json')) return knownBase(await openBaseModel(name), folder);
  if (await isThere('vae', 'config.json')) {
    return knownBase(await outlineModel(name, { folder }), folder);
  }
  const path = join(folder, (await isThere('unet', 'config.json')) ? 'unet' : '', 'config.json');
  if ((await kindOfPath(path)) !== 'file') throw notAModel(name, folder);
  const config = parseUNetConfig(await readJson(path, 'UNet configuration'), path);
  const recommendation = await readRecommendation(folder);
  const sites = unetSites(config);
  const parameters = parametersOf(config);
  return { name, title: folder, sites, parameters, recommendation, model: undefined };
}

function knownBase(model: BaseModel, title: string): KnownBase {
  const { name, recommendation, unet } = model;
  const parameters = parametersOf(unet.config);
  return { name, title, sites: baseSites(model), parameters, recommendation, model };
}

function parametersOf(config: UNetConfig): number {
  const weights = [...traceUNet(config).weights.values()];
  return weights.reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

function notAModel(name: string, folder: string): ModelError {
  const known = ['pocket', ...Object.keys(families)];
  return new ModelError(
    'NOT_A_MODEL',
    `base "${name}": expected one of ${known.join(', ')}, a .safetensors or .ckpt file, owner/name of the hub, or a folder with unet/config.json; found no such file in ${folder}${didYouMean(name, known)}`,
  );
}
