/** @file What the user asked for, completed by the run, its base model's recommendations and our defaults. */
import { join } from 'node:path';
import { z } from 'zod';
import { type AdapterFile, decodeAdapterFile } from '../adapters/index.ts';
import { ConfigError, RunError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { parseSamplerName, type SamplerName } from '../diffusion/samplers/index.ts';
import { type BaseModel, openBaseModel } from '../pipeline/base-model.ts';
import { onDevice } from '../pipeline/on-device.ts';
import type { Refiner } from '../pipeline/refiner.ts';
import { baseSites, prepareAdapters } from '../pipeline/site-weights.ts';
import { readBytes } from '../storage/binary-file.ts';
import { namesIn } from '../storage/folders.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { type GenerateConfig, type GenerateOptions, generateSchema } from './config.ts';
import { type PreparedPicture, preparePicture, requireInitialImage } from './initial-picture.ts';
import { planRefiner, requireRefiner } from './refiner.ts';

/** A request with everything it refers to opened. */
export interface GeneratePlan extends PreparedPicture {
  readonly config: GenerateConfig;
  readonly base: BaseModel;
  readonly adapter: AdapterFile | undefined;
  readonly sampler: SamplerName | undefined;
  readonly refiner: Refiner | undefined;
  /** The prompt with the subject filled in. */
  readonly prompt: string;
}

/**
 * Completes and checks a request.
 *
 * @throws KronaError naming what is wrong and what to do
 */
export async function planGeneration(
  options: GenerateOptions,
  hub: HubHost = {},
): Promise<GeneratePlan> {
  if (options.run !== undefined && options.adapter !== undefined) {
    throw new ConfigError('RUN_AND_ADAPTER', 'give a run or an adapter file, not both');
  }
  requireInitialImage(options);
  requireRefiner(options);
  const path = options.run === undefined ? options.adapter : await adapterOfRun(options.run);
  const bytes = path === undefined ? undefined : await readBytes(path);
  const trainedOn =
    path === undefined || bytes === undefined
      ? undefined
      : decodeAdapterFile(bytes, path).base.name;
  const { prediction } = options;
  const opened = await openBaseModel(options.base ?? trainedOn ?? 'pocket', hub, { prediction });
  const adapter =
    path === undefined || bytes === undefined
      ? undefined
      : await prepared(opened, decodeAdapterFile(bytes, path, baseSites(opened)));
  const config = resolveConfig(options, opened);
  const base = await onDevice(opened, config.device);
  const sampler = config.sampler === undefined ? undefined : parseSamplerName(config.sampler);
  const picture = await preparePicture(config, base, sampler);
  const refined = await planRefiner(config, { base, adapter, sampler, ...picture }, hub);
  return {
    ...picture,
    config,
    base,
    adapter,
    sampler,
    refiner: refined.refiner,
    notes: [...(base.notes ?? []), ...picture.notes, ...refined.notes],
    prompt: fillSubject(config.prompt, adapter),
  };
}

/** With what the methods compute once from the frozen weights. */
async function prepared(base: BaseModel, adapter: AdapterFile): Promise<AdapterFile> {
  return { ...adapter, placed: await prepareAdapters(base, adapter.placed) };
}

async function adapterOfRun(run: string): Promise<string> {
  const names = await namesIn(run);
  if (names.includes('adapter.safetensors')) return join(run, 'adapter.safetensors');
  const advice = names.includes('run.json')
    ? `its training has not finished; go on with it: krona train --resume ${run}`
    : 'it is not a run folder; train one first: krona train --images DIR --subject "sks dog" --out RUN';
  throw new RunError('NO_ADAPTER', `run: ${run} has no adapter.safetensors: ${advice}`);
}

function resolveConfig(options: GenerateOptions, base: BaseModel): GenerateConfig {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const unknown = given.find(([key]) => !(key in generateSchema.shape))?.[0];
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, Object.keys(generateSchema.shape));
    throw new ConfigError(
      'UNKNOWN_SETTING',
      `there is no setting "${unknown}" for generating${hint}`,
    );
  }
  const parsed = generateSchema.safeParse({
    ...base.recommendation.generate,
    ...Object.fromEntries(given),
  });
  if (parsed.success) return parsed.data;
  throw new ConfigError('INVALID_SETTING', z.prettifyError(parsed.error));
}

function fillSubject(prompt: string, adapter: AdapterFile | undefined): string {
  if (!prompt.includes('{subject}')) return prompt;
  const subject = adapter?.training?.subject;
  if (subject === undefined) {
    throw new ConfigError(
      'NO_SUBJECT',
      'prompt: {subject} stands for the subject of a run, but no run or adapter that knows its subject was given; write the words out',
    );
  }
  return prompt.replaceAll('{subject}', subject);
}
