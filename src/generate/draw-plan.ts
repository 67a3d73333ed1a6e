/** @file The pictures of a plan, drawn group after group, and what a picture holds of the settings it was drawn with. */
import type { Listener } from '../base/listener.ts';
import { shortened } from '../base/messages/shortened.ts';
import { encodePng, type Image, type PicturesByName } from '../data/image.ts';
import { writePngText } from '../formats/png/png-text.ts';
import { drawAgain, drawTwice } from '../pipeline/draw/second-pass.ts';
import {
  type DrawingProgress,
  type TextToImage,
  textToImage,
} from '../pipeline/draw/text-to-image.ts';
import { KeptNetworks, type Networks } from '../pipeline/network/lending.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { type DrawingGroup, drawingGroups } from './drawing-groups.ts';
import type { GenerateEvent } from './generate-options.ts';
import type { GeneratePlan, PlanningHost } from './generation-plan.ts';
import { settingsText } from './settings/settings-text.ts';

/** Networks that draw: text encoders, denoiser, decoder. */
export const partsOfModel = 3;

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
  /** Pictures by the names that the settings call them by. @default they are files */
  readonly pictures?: PicturesByName | undefined;
}

/** What planning needs of it. */
export function planningHost({ hub, listener, pictures }: GenerateHost): PlanningHost {
  const onPrepared: PlanningHost['onPrepared'] = (progress) =>
    listener?.({ type: 'preparing', ...progress });
  return { hub, pictures, onPrepared };
}

/** Pictures that were drawn together. */
export interface DrawnGroup extends DrawingGroup {
  /** One per seed. */
  readonly images: readonly Image[];
}

/**
 * Tells what is noteworthy of a plan.
 *
 * @param said what was told before, which it adds to
 */
export function sayRemarks(
  { notes, warnings }: Pick<GeneratePlan, 'notes' | 'warnings'>,
  { listener }: Pick<GenerateHost, 'listener'>,
  said = new Set<string>(),
): void {
  const remarks = [
    ...notes.map((message) => ({ type: 'note', message }) as const),
    ...warnings.map((message) => ({ type: 'warning', message }) as const),
  ];
  for (const remark of remarks) {
    if (!said.has(remark.message)) listener?.(remark);
    said.add(remark.message);
  }
}

/** Draws everything that a plan asks for, prompt after prompt. */
export async function* drawPlan(
  plan: GeneratePlan,
  host: GenerateHost,
): AsyncGenerator<DrawnGroup, void> {
  const { prompts, config } = plan;
  sayRemarks(plan, host);
  const count = prompts.length * config.count;
  host.listener?.({ type: 'started', pictures: count, steps: config.steps });
  const drawing = { count, started: host.now() };
  // Several prompts share what is loaded.
  await using kept =
    prompts.length > 1 || prompts.some(({ varies }) => varies)
      ? new KeptNetworks(partsOfModel)
      : undefined;
  for (const group of drawingGroups(plan)) {
    const images = await drawPictures({ ...plan, prompt: group.prompt }, group.seeds, {
      ...host,
      networks: host.networks ?? kept,
      listener: amongAll(host, { group, ...drawing }),
    });
    yield { ...group, images };
  }
}

/** A picture as a PNG that holds its settings. */
export async function pngWithSettings(
  image: Image,
  plan: GeneratePlan,
  seed: number,
): Promise<Uint8Array<ArrayBuffer>> {
  return writePngText(await encodePng(image), settingsText(plan, seed));
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
  const { base, config, adapters, shown, refiner, size, initial, second, given } = plan;
  const { promptRepeats, steps, timesteps, guidance, guidanceRescale, eta, batchSize } = config;
  const started = host.now();
  const drawing = {
    prompt: plan.prompt,
    promptRepeats,
    negative: config.negative,
    syntax: config.promptSyntax,
    seeds,
    adapters: shown === undefined ? adapters : [...adapters, shown],
    steps,
    timesteps,
    guidance: { scale: guidance, rescale: guidanceRescale },
    size,
    initial,
    refiner,
    batch: Math.min(batchSize, seeds.length),
    sampler: plan.sampler,
    eta,
    onStep: (progress: DrawingProgress) => {
      const seconds = (host.now() - started) / 1000;
      host.listener?.({ type: 'step', ...progress, seconds });
    },
    onTruncated: (_: string, rest: string) =>
      host.listener?.({
        type: 'warning',
        message: `the prompt is too long; the model does not see "${shortened(rest, 200)}"`,
      }),
    signal: host.signal,
    networks: host.networks,
  } satisfies TextToImage;
  if (second === undefined) return await textToImage(base, drawing);
  if (given === undefined) return await drawTwice(base, drawing, second);
  return await drawAgain(base, drawing, { second, from: seeds.map(() => given) });
}
