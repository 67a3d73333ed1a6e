/** @file Generates pictures into a folder, with their settings inside and a contact sheet beside them. */
import { join } from 'node:path';
import type { Listener } from '../base/events.ts';
import { encodePng, type Image } from '../data/image.ts';
import { writePngText } from '../formats/png-text.ts';
import type { Networks } from '../pipeline/networks.ts';
import { textToImage } from '../pipeline/text-to-image.ts';
import { writeFileAtomic } from '../storage/atomic-file.ts';
import { createFolder } from '../storage/folders.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import type { GenerateEvent, GenerateOptions } from './config.ts';
import { type GeneratePlan, planGeneration } from './resolve.ts';
import { resultSheet } from './result-sheet.ts';
import { settingsText } from './settings-text.ts';

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
 * Generates pictures of a prompt.
 *
 * @throws KronaError naming what is wrong and what to do, before anything is computed
 */
export async function generate(options: GenerateOptions, host: GenerateHost): Promise<Generated> {
  const started = host.now();
  const plan = await planGeneration(options, host.hub);
  const { config } = plan;
  for (const message of plan.notes) host.listener?.({ type: 'note', message });
  await createFolder(config.out);
  const seeds = Array.from({ length: config.count }, (_, i) => config.seed + i);
  const images = await drawPictures(plan, seeds, host);
  const pictures: string[] = [];
  for (const [i, image] of images.entries()) {
    const seed = seeds[i] ?? config.seed;
    const file = join(config.out, `${String(i + 1).padStart(4, '0')}-seed${seed}.png`);
    await writeFileAtomic(file, writePngText(await encodePng(image), settingsText(plan, seed)));
    host.listener?.({ type: 'picture', file, seed });
    pictures.push(file);
  }
  const sheet = join(config.out, 'sheet.png');
  await writeFileAtomic(
    sheet,
    writePngText(await encodePng(await resultSheet(plan, images)), settingsText(plan, config.seed)),
  );
  host.listener?.({ type: 'finished', sheet, seconds: (host.now() - started) / 1000 });
  return { pictures, sheet };
}

/** The pictures of a plan, one per seed. */
export async function drawPictures(
  plan: GeneratePlan,
  seeds: readonly number[],
  host: GenerateHost,
): Promise<Image[]> {
  const { base, config, adapters, refiner, size, initial } = plan;
  const { steps, guidance, guidanceRescale, eta, batchSize } = config;
  const started = host.now();
  host.listener?.({ type: 'started', pictures: seeds.length, steps });
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
