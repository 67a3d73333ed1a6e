/** @file Enlarges pictures that there are: by a second pass of a base, or by a model made for it. */
import { ConfigError, SystemError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import { parseSettings, withoutUndefined } from '../../base/settings/parse-settings.ts';
import type { Image } from '../../data/image.ts';
import type { BaseModel } from '../../pipeline/base/base-model.ts';
import { beforeDownload } from '../../pipeline/base/before-download.ts';
import type { Recommendation } from '../../pipeline/base/recommended/recommendation.ts';
import type { UpscalerModel } from '../../pipeline/draw/upscaler.ts';
import { KeptNetworks } from '../../pipeline/network/lending.ts';
import { join } from '../../platform/paths.ts';
import { writeNewFile } from '../../storage/files/atomic-file.ts';
import { createFolder } from '../../storage/files/folders.ts';
import {
  drawPictures,
  type GenerateHost,
  partsOfModel,
  planningHost,
  pngWithSettings,
  sayRemarks,
} from '../draw-plan.ts';
import { type OpenedParts, openParts, planOn } from '../generation-plan.ts';
import { type GivenPicture, readGiven } from './given-picture.ts';
import { type UpscaleConfig, type UpscaleOptions, upscaleSchema } from './upscale-options.ts';
import {
  type EnlargedPicture,
  promptsToSee,
  requireEnlarging,
  upscaledByModel,
} from './upscaled-by-model.ts';

/** Paths of what was written. */
export interface Upscaled {
  readonly pictures: string[];
}

/** Enlarges one picture. */
type Enlarge = (given: GivenPicture, host: GenerateHost) => Promise<EnlargedPicture>;

/**
 * Enlarges pictures into a folder, each under its own name; none that is there is replaced.
 *
 * @throws KronaError naming what is wrong and what to do: of its own ConfigError UPSCALE_SETTING
 */
export async function upscale(options: UpscaleOptions, host: GenerateHost): Promise<Upscaled> {
  const started = host.now();
  const requested = parseSettings(upscaleSchema, { given: options }, 'enlarging');
  const given: GivenPicture[] = [];
  for (const path of requested.pictures) given.push(await readGiven(path));
  await promptsToSee(requested);
  const { hub = {}, onPrepared } = planningHost(host);
  const parts = await openParts((own) => configOf(options, own), {
    ...{ hub, onPrepared },
    beforehand: async (name) =>
      await beforeDownload(name, hub, {
        device: requested.device,
        accept: (outline) => void requireAllowed(outline, options),
      }),
  });
  const said = new Set<string>();
  const enlarge = enlargingOf(parts, options, said);
  sayRemarks({ notes: [...(parts.base.notes ?? []), ...parts.notes], warnings: [] }, host, said);
  await using networks = new KeptNetworks(partsOfModel);
  await createFolder(requested.out);
  const pictures: string[] = [];
  for (const [i, each] of given.entries()) {
    const place = { before: i, count: given.length, started };
    const among = { ...host, networks, listener: amongAll(host, place) };
    const { png, prompt } = await enlarge(each, among);
    const file = await writeUnder(join(requested.out, each.name), png);
    host.listener?.({ type: 'picture', file, prompt, seed: requested.seed });
    pictures.push(file);
  }
  host.listener?.({ type: 'finished', seconds: (host.now() - started) / 1000 });
  return { pictures };
}

/** @param said remarks that were told, each of which is told once */
function enlargingOf(parts: OpenedParts, options: UpscaleOptions, said: Set<string>): Enlarge {
  const model = requireAllowed(parts.base, options);
  if (model === undefined) {
    return async (given, host) => await secondPass(parts, options, { given, host, said });
  }
  const own = recommendedOf(model);
  return async ({ image, prompts }, host) => {
    const config = configOf({ ...prompts, ...withoutUndefined(options) }, own);
    return await upscaledByModel(model, config, { image, host });
  };
}

/**
 * The base as an upscaler, where it is one; refuses what it may not be told.
 *
 * @throws ConfigError UPSCALE_SETTING, NOISE_LEVEL; ModelError UPSCALER_CHANNELS
 */
function requireAllowed(base: BaseModel, options: UpscaleOptions): UpscalerModel | undefined {
  const { upscaler } = base;
  if (upscaler === undefined) {
    refuse(options, ['noiseLevel'], 'is for a model that enlarges pictures, and the base is none');
    return undefined;
  }
  const without = ['factor', 'noise', 'run', 'adapter', 'strength', 'tolerate'] as const;
  refuse(
    options,
    without,
    'is for a second pass of a base that draws, and this one enlarges by itself',
  );
  return requireEnlarging(base, upscaler, configOf(options, recommendedOf(base)));
}

function recommendedOf({ recommendation }: BaseModel): Recommendation['generate'] {
  return { ...ofUpscalers, ...recommendation.generate };
}

/** Settings that the published upscaler is used with, where its own file recommends no others. */
const ofUpscalers = { steps: 75, guidance: 9 };

/** Of what a base recommends for drawing, what enlarging may be told. */
function configOf(given: object, own: Recommendation['generate']): UpscaleConfig {
  const recommended = Object.fromEntries(
    Object.entries(own).filter(([name]) => Object.hasOwn(upscaleSchema.shape, name)),
  );
  return parseSettings(upscaleSchema, { recommended, given }, 'enlarging');
}

function refuse(
  options: UpscaleOptions,
  keys: readonly (keyof UpscaleOptions)[],
  reason: string,
): void {
  const given = keys.find((key) => options[key] !== undefined);
  if (given === undefined) return;
  throw new ConfigError('UPSCALE_SETTING', `\`${given}\` ${reason}; leave \`${given}\` out`);
}

interface SecondPassHost {
  readonly given: GivenPicture;
  readonly host: GenerateHost;
  readonly said: Set<string>;
}

async function secondPass(
  parts: OpenedParts,
  options: UpscaleOptions,
  { given: { image, prompts }, host, said }: SecondPassHost,
): Promise<EnlargedPicture> {
  const { pictures: _, run: _run, adapter: _adapter, out: _out, factor = 2, ...asked } = options;
  const { noise, noiseLevel: _level, ...settings } = asked;
  const drawn = {
    ...prompts,
    ...settings,
    prompt: settings.prompt ?? prompts.prompt ?? '',
    ...{ count: 1, upscale: factor, upscaler: 'lanczos' as const },
    ...(noise !== undefined && { upscaleNoise: noise }),
  };
  const plan = await planOn(parts, drawn, { ...planningHost(host), given: image });
  sayRemarks(plan, host, said);
  const { seed } = plan.config;
  const images: readonly Image[] = await drawPictures(plan, [seed], host);
  return { png: await pngWithSettings(required(images, 0), plan, seed), prompt: plan.prompt };
}

/** Steps of one picture as those among all of them. */
function amongAll(
  { listener, now }: GenerateHost,
  { before, count, started }: { before: number; count: number; started: number },
): NonNullable<GenerateHost['listener']> {
  return (event) => {
    if (event.type !== 'step') return listener?.(event);
    const { done, total } = event;
    listener?.({
      ...event,
      ...{ done: before * total + done, total: count * total },
      ...{ picture: before + 1, pictures: count, seconds: (now() - started) / 1000 },
    });
  };
}

/** Writes `name.png`, or the first of `name-2.png`, ... that is free. */
async function writeUnder(path: string, png: Uint8Array): Promise<string> {
  for (let copy = 1; ; copy++) {
    const file = `${path}${copy === 1 ? '' : `-${copy}`}.png`;
    try {
      await writeNewFile(file, png);
      return file;
    } catch (error) {
      if (!(error instanceof SystemError && error.code === 'FILE_EXISTS')) throw error;
    }
  }
}
