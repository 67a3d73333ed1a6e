/** @file Generates pictures into a folder, with their settings inside and a contact sheet beside them. */
import type { Listener } from '../base/listener.ts';
import { encodePng, type Image } from '../data/image.ts';
import { writePngText } from '../formats/png-text.ts';
import { textToImage } from '../pipeline/draw/text-to-image.ts';
import { KeptNetworks, type Networks } from '../pipeline/network/lending.ts';
import { join } from '../platform/paths.ts';
import { writeFileAtomic } from '../storage/files/atomic-file.ts';
import { createFolder } from '../storage/files/folders.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { type DrawingGroup, drawingGroups } from './drawing-groups.ts';
import type { GenerateEvent, GenerateOptions } from './generate-options.ts';
import { type GeneratePlan, planGeneration } from './generation-plan.ts';
import { freeNames } from './output-names.ts';
import { resultSheet, SheetPictures } from './result-sheet.ts';
import { settingsText } from './settings-text.ts';

/** Networks that draw: text encoders, denoiser, decoder. */
const partsOfModel = 3;

/** What generating needs of its surroundings. */
export interface GenerateHost {
  readonly listener?: Listener<GenerateEvent>;
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly now: () => number;
  /** Shows and stops the download of a base model. */
  readonly hub?: HubHost;
  /** Lends loaded networks to several calls. @default each is opened while it computes */
  readonly networks?: Networks | undefined;
}

/** Paths of what was written. */
export interface Generated {
  readonly pictures: string[];
  readonly sheet: string;
}

/**
 * Generates pictures of one prompt or several, which are written prompt after prompt; none that is there is replaced.
 *
 * @throws KronaError naming what is wrong and what to do, before anything is computed
 */
export async function generate(options: GenerateOptions, host: GenerateHost): Promise<Generated> {
  const started = host.now();
  const plan = await planGeneration(options, host.hub, (progress) =>
    host.listener?.({ type: 'preparing', ...progress }),
  );
  const { config } = plan;
  for (const message of plan.notes) host.listener?.({ type: 'note', message });
  await createFolder(config.out);
  const { prompts } = plan;
  const count = prompts.length * config.count;
  host.listener?.({ type: 'started', pictures: count, steps: config.steps });
  const drawing = { count, started: host.now() };
  // Several prompts share what is loaded.
  await using kept = prompts.length > 1 ? new KeptNetworks(partsOfModel) : undefined;
  const names = await freeNames(config.out);
  const pictures: string[] = [];
  const onSheet = new SheetPictures(plan);
  for (const group of drawingGroups(plan)) {
    const { prompt, seeds } = group;
    const own = { ...plan, prompt };
    const images = await drawPictures(own, seeds, {
      ...host,
      networks: host.networks ?? kept,
      listener: amongAll(host, { group, ...drawing }),
    });
    onSheet.add(group, images);
    for (const [i, image] of images.entries()) {
      const seed = seeds[i] ?? config.seed;
      const file = join(config.out, names.picture(pictures.length, seed));
      await writeFileAtomic(file, writePngText(await encodePng(image), settingsText(own, seed)));
      host.listener?.({ type: 'picture', file, prompt, seed });
      pictures.push(file);
    }
  }
  const sheet = join(config.out, names.sheet);
  if (onSheet.count < count) {
    const message = `${names.sheet} shows ${onSheet.count} of the ${count} pictures`;
    host.listener?.({ type: 'note', message });
  }
  await writeFileAtomic(
    sheet,
    writePngText(
      await encodePng(await resultSheet(plan, onSheet.drawn)),
      settingsText(plan, config.seed),
    ),
  );
  host.listener?.({ type: 'finished', sheet, seconds: (host.now() - started) / 1000 });
  return { pictures, sheet };
}

/** A listener to the drawing of one group, for which its steps are a part of those of all. */
function amongAll(
  { listener, now }: GenerateHost,
  { group, count, started }: { group: DrawingGroup; count: number; started: number },
): Listener<GenerateEvent> {
  return (event) => {
    // What is said of a prompt is said with its first group.
    if (event.type === 'warning' && !group.isFirstOfPrompt) return;
    if (event.type !== 'step') return listener?.(event);
    const { done, total, picture, pictures } = event;
    const each = total / pictures;
    listener?.({
      ...event,
      ...{ done: group.before * each + done, total: count * each },
      ...{ picture: group.before + picture, pictures: count },
      seconds: (now() - started) / 1000,
    });
  };
}

/** The pictures of a plan's prompt, one per seed. */
export async function drawPictures(
  plan: GeneratePlan,
  seeds: readonly number[],
  host: GenerateHost,
): Promise<Image[]> {
  const { base, config, adapters, refiner, size, initial } = plan;
  const { steps, guidance, guidanceRescale, eta, batchSize } = config;
  const started = host.now();
  return await textToImage(base, {
    prompt: plan.prompt,
    negative: config.negative,
    seeds,
    adapters,
    steps,
    guidance: { scale: guidance, rescale: guidanceRescale },
    size,
    initial,
    refiner,
    batch: Math.min(batchSize, seeds.length),
    sampler: plan.sampler,
    eta,
    onStep: (progress) => {
      const seconds = (host.now() - started) / 1000;
      host.listener?.({ type: 'step', ...progress, seconds });
    },
    onTruncated: (_, rest) =>
      host.listener?.({
        type: 'warning',
        message: `the prompt is too long; the model does not see "${rest}"`,
      }),
    signal: host.signal,
    networks: host.networks,
  });
}
