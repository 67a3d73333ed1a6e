/** @file `generate`: pictures of a prompt, into a folder or as bytes; `upscale`: pictures that there are, larger and with more detail. */
import { required } from '../base/required.ts';
import type { PicturesByName } from '../data/image.ts';
import {
  drawPlan,
  type GenerateHost,
  planningHost,
  pngWithSettings,
} from '../generate/draw-plan.ts';
import { type Generated, generate as generateInto } from '../generate/generate.ts';
import type { GenerateEvent } from '../generate/generate-options.ts';
import { type GeneratePlan, planGeneration } from '../generate/generation-plan.ts';
import { type Upscaled, upscale as upscaleInto } from '../generate/upscale/upscale.ts';
import type { HubEvent } from '../storage/hub/hub-events.ts';
import { beginWith, type Host } from './call/call-host.ts';
import { bytesIn, type PictureSource } from './call/picture-source.ts';
import type { Work } from './call/work.ts';
import type { GenerateOptions } from './options/generate-settings.ts';
import type { UpscaleOptions } from './options/upscale-settings.ts';

/** A picture as bytes. */
export interface DrawnPicture {
  /** With its settings inside, as other tools read them. */
  readonly png: Uint8Array<ArrayBuffer>;
  /** As it was drawn, the subject filled in. */
  readonly prompt: string;
  readonly seed: number;
}

/** Pictures, prompt after prompt. */
export interface DrawnPictures {
  readonly pictures: readonly DrawnPicture[];
}

/**
 * Draws pictures of one prompt or several: with `out` into that folder, where none that is there is replaced, without
 * it as bytes, which the events `picture` give one by one.
 *
 * @throws KronaError naming what is wrong and what to do, before anything is computed: of its own ConfigError
 *   PROMPT_MISSING, NO_SUBJECT, NO_INIT_IMAGE, NO_REFINER, NO_UPSCALE, UPSCALER_BASE, UPSCALER_MASK, RunError NO_ADAPTER
 * @throws the signal's reason where it was aborted
 * @example
 * ```ts
 * const { pictures } = await generate({ run: 'runs/dog', prompt: 'a {subject} in the snow', count: 1 });
 * await writeFile('snow.png', pictures[0].png);
 * ```
 */
export function generate(
  options: GenerateOptions & { readonly out: string },
  host?: Host<GenerateEvent>,
): Work<GenerateEvent | HubEvent, Generated>;
export function generate(
  options: GenerateOptions & { readonly out?: undefined },
  host?: Host<GenerateEvent>,
): Work<GenerateEvent | HubEvent, DrawnPictures>;
export function generate(
  options: GenerateOptions,
  host: Host<GenerateEvent> = {},
): Work<GenerateEvent | HubEvent, Generated | DrawnPictures> {
  return beginWith(host, async (given) => {
    const { settings, pictures } = await withNamedPictures(options);
    const complete = { ...given, pictures };
    const { out } = settings;
    if (out !== undefined) return await generateInto({ ...settings, out }, complete);
    return await drawToBytes(await planGeneration(settings, planningHost(complete)), complete);
  });
}

/** Options whose pictures are named; of those that are no paths, what the names mean. */
export async function withNamedPictures<
  Options extends Pick<GenerateOptions, 'initImage' | 'mask' | 'subjectPicture'>,
>(options: Options) {
  const { initImage, mask, subjectPicture = [], ...settings } = options;
  const pictures = new Map<string, Uint8Array>();
  const nameOf = async (name: string, source: PictureSource | undefined) => {
    if (source === undefined || typeof source === 'string') return source;
    pictures.set(name, await bytesIn(source, name));
    return name;
  };
  const ofSubject = await Promise.all(
    subjectPicture.map((source, i) => nameOf(`subjectPicture ${i + 1}`, source)),
  );
  const names = {
    initImage: await nameOf('initImage', initImage),
    mask: await nameOf('mask', mask),
    subjectPicture: ofSubject.filter((name) => name !== undefined),
  };
  const named: PicturesByName = pictures;
  return { settings: { ...settings, ...names }, pictures: named };
}

/** Draws a plan to bytes. */
export async function drawToBytes(plan: GeneratePlan, host: GenerateHost): Promise<DrawnPictures> {
  const started = host.now();
  const pictures: DrawnPicture[] = [];
  for await (const { prompt, seeds, images } of drawPlan(plan, host)) {
    for (const [i, image] of images.entries()) {
      const seed = required(seeds, i);
      const picture = {
        png: await pngWithSettings(image, { ...plan, prompt }, seed),
        prompt,
        seed,
      };
      host.listener?.({ type: 'picture', ...picture });
      pictures.push(picture);
    }
  }
  host.listener?.({ type: 'finished', seconds: (host.now() - started) / 1000 });
  return { pictures };
}

/**
 * Enlarges pictures into the folder `out`, each under its own name: a base that draws draws them again under part of the
 * noise, with adapters if any are given; a model made to enlarge does it by itself.
 *
 * @throws KronaError naming what is wrong and what to do: of its own ConfigError UPSCALE_SETTING, NOISE_LEVEL
 * @throws the signal's reason where it was aborted
 * @example
 * ```ts
 * const { pictures } = await upscale({ pictures: ['dog.png'], run: 'runs/dog', noise: 0.3, out: 'large' });
 * ```
 */
export function upscale(
  options: UpscaleOptions,
  host: Host<GenerateEvent> = {},
): Work<GenerateEvent | HubEvent, Upscaled> {
  return beginWith(host, async (given) => await upscaleInto(options, given));
}
