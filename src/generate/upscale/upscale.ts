/** @file Enlarges pictures that there are: by a second pass of a base, or by a model made for it. */
import { ConfigError, SystemError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import { parseSettings } from '../../base/settings/parse-settings.ts';
import type { Image } from '../../data/image.ts';
import { requireUpscaler, type UpscalerModel } from '../../pipeline/draw/upscaler.ts';
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
} from '../draw-plan.ts';
import { type OpenedParts, openParts, planOn } from '../generation-plan.ts';
import { type GivenPicture, readGiven } from './given-picture.ts';
import { type UpscaleConfig, type UpscaleOptions, upscaleSchema } from './upscale-options.ts';
import { upscaledByModel } from './upscaled-by-model.ts';

/** Paths of what was written. */
export interface Upscaled {
  readonly pictures: string[];
}

/** One picture as a PNG with its settings inside. */
type Enlarge = (given: GivenPicture, host: GenerateHost) => Promise<Uint8Array<ArrayBuffer>>;

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
  const parts = await openParts(requested, planningHost(host));
  const enlarge = enlargingOf(parts, options);
  for (const message of new Set([...(parts.base.notes ?? []), ...parts.notes])) {
    host.listener?.({ type: 'note', message });
  }
  await using networks = new KeptNetworks(partsOfModel);
  await createFolder(requested.out);
  const pictures: string[] = [];
  for (const [i, each] of given.entries()) {
    const place = { before: i, count: given.length, started };
    const png = await enlarge(each, { ...host, networks, listener: amongAll(host, place) });
    const file = await writeUnder(join(requested.out, each.name), png);
    const { prompt = options.prompt ?? '' } = each.prompts;
    host.listener?.({ type: 'picture', file, prompt, seed: requested.seed });
    pictures.push(file);
  }
  host.listener?.({ type: 'finished', seconds: (host.now() - started) / 1000 });
  return { pictures };
}

function enlargingOf(parts: OpenedParts, options: UpscaleOptions): Enlarge {
  const { upscaler } = parts.base;
  if (upscaler === undefined) {
    refuse(options, ['noiseLevel'], 'is for a model that enlarges pictures, and the base is none');
    return async (given, host) => await secondPass(parts, options, { given, host });
  }
  const without = ['factor', 'noise', 'run', 'adapter'] as const;
  refuse(
    options,
    without,
    'is for a second pass of a base that draws, and this one enlarges by itself',
  );
  const model = requireUpscaler(parts.base, upscaler);
  const config = configOf(model, options);
  return async (given, host) => await upscaledByModel(model, config, { given, host });
}

/** Settings that the published upscaler is used with, where its own file recommends no others. */
const ofUpscalers = { steps: 75, guidance: 9 };

function configOf({ recommendation }: UpscalerModel, given: UpscaleOptions): UpscaleConfig {
  const recommended = recommendation.generate;
  return parseSettings(upscaleSchema, { defaults: ofUpscalers, recommended, given }, 'enlarging');
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

interface Enlarged {
  readonly given: GivenPicture;
  readonly host: GenerateHost;
}

async function secondPass(
  parts: OpenedParts,
  options: UpscaleOptions,
  { given: { image, prompts }, host }: Enlarged,
): Promise<Uint8Array<ArrayBuffer>> {
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
  for (const message of plan.notes) {
    const isKnown = [...(parts.base.notes ?? []), ...parts.notes].includes(message);
    if (!isKnown) host.listener?.({ type: 'note', message });
  }
  const { seed } = plan.config;
  const images: readonly Image[] = await drawPictures(plan, [seed], host);
  return await pngWithSettings(required(images, 0), plan, seed);
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
