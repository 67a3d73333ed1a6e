/** @file A base model to plan with, by any of its names: configurations alone, weights only where they lie here already. */
import { ModelError } from '../../base/errors.ts';
import { isFamilyName, outlineOfRepository } from '../../models/families.ts';
import { chooseConfigurations } from '../../storage/hub/file-choice.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import type { HubName } from '../../storage/hub/hub-name.ts';
import { hubNameUnlessPath } from '../../storage/hub/local-first.ts';
import { openHubModel } from '../../storage/hub/snapshot.ts';
import type { BaseModel } from './base-model.ts';
import { parseModelIndex } from './model-index.ts';
import { outlineModel } from './model-outline.ts';
import { openBaseModel } from './open-base.ts';

/**
 * The base by its name: a family (sd15, sd21, sdxl, ssd-1b), pocket, a folder, a single file, or a model of the hub, of which only
 * configurations are fetched, and none of a published model whose configurations ship with the package.
 *
 * @throws ModelError as openBaseModel, or what a configuration or the hub does wrong
 */
export async function openOutline(name: string, host: HubHost = {}): Promise<BaseModel> {
  if (isFamilyName(name)) return await outlineModel(name, name);
  const onHub = await hubNameUnlessPath(name);
  return onHub === undefined ? await openBaseModel(name, host) : await outlineOnHub(onHub, host);
}

async function outlineOnHub(onHub: HubName, host: HubHost): Promise<BaseModel> {
  const known = outlineOfRepository(onHub.repository);
  const options = { accept: parseModelIndex, choose: chooseConfigurations };
  if (known === undefined) {
    const found = await openHubModel(onHub, host, options);
    return await outlineModel(found.name, found);
  }
  // Their usual files are float32; those of half as many bytes are the variant fp16.
  const { repository, variant } = onHub;
  const name = variant === undefined ? repository : `${repository}:${variant}`;
  const precision = variant === undefined ? 'f32' : 'f16';
  try {
    const cached = await openHubModel(onHub, { ...host, offline: true }, options);
    return await outlineModel(cached.name, cached, precision);
  } catch (error) {
    if (!(error instanceof ModelError) || error.code !== 'HUB_OFFLINE') throw error;
    const outline = await outlineModel(name, known.source, precision);
    const note = `${name} is not on this machine: planned with the configurations of ${known.title} that come with the package`;
    return { ...outline, notes: [...(outline.notes ?? []), note] };
  }
}
