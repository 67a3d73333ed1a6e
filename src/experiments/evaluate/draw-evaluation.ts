/** @file The pictures of an evaluation: of every prompt, and of unrelated ones with and without the adapter. */
import type { Listener } from '../../base/listener.ts';
import { required } from '../../base/required.ts';
import type { GenerateHost } from '../../generate/draw-plan.ts';
import type { GenerateEvent } from '../../generate/generate-options.ts';
import type { DriftPair } from '../../metrics/drift.ts';
import type { EvaluationPrompt } from '../../metrics/prompts.ts';
import type { PromptPictures } from '../../metrics/score-subject.ts';
import { isLarge } from '../../models/weights.ts';
import type { BaseModel } from '../../pipeline/base/base-model.ts';
import { KeptNetworks } from '../../pipeline/network/lending.ts';
import { join } from '../../platform/paths.ts';
import { type Drawing, drawOnce } from './drawn-pictures.ts';
import type { EvaluateEvent } from './evaluate-options.ts';
import type { EvaluationPlan } from './evaluation-plan.ts';
import { numbered } from './numbered-folders.ts';

/** What is drawn, and where to. */
export interface EvaluationDrawing {
  readonly prompts: readonly EvaluationPrompt[];
  /** One picture of every prompt for each; unrelated prompts have the first. */
  readonly seeds: readonly number[];
  readonly unrelated: readonly string[];
  readonly folder: string;
  /** Where the base model's own pictures are, which do not depend on the adapter. */
  readonly baseFolder: string;
}

export interface DrawHost extends Pick<GenerateHost, 'now' | 'signal' | 'networks'> {
  readonly listener?: Listener<EvaluateEvent> | undefined;
}

export interface DrawnEvaluation {
  readonly pictures: readonly PromptPictures[];
  readonly pairs: readonly DriftPair[];
}

/** Networks that stay loaded between the drawings of an evaluation. */
export function drawingNetworks(base: BaseModel): KeptNetworks {
  const ofOneModel = 3; // text encoders, denoiser, decoder
  // Of a small one those with an adapter and those without.
  return new KeptNetworks(isLarge(base.unet.weights) ? ofOneModel : 2 * ofOneModel);
}

/** Draws what is not there yet. */
export async function drawEvaluation(
  plan: EvaluationPlan,
  { prompts, seeds, unrelated, folder, baseFolder }: EvaluationDrawing,
  host: DrawHost,
): Promise<DrawnEvaluation> {
  const total = prompts.length + 2 * unrelated.length;
  let done = 0;
  const draw = async (from: EvaluationPlan, drawing: Drawing) => {
    const files = await drawOnce(from, drawing, generateHost(host, { done, total }));
    done += 1;
    return files;
  };
  const pictures: PromptPictures[] = [];
  for (const [i, prompt] of prompts.entries()) {
    const place = join(folder, 'pictures', numbered(i));
    const drawing = { prompt: prompt.typed, seeds, folder: place };
    pictures.push({ prompt, files: await draw(plan, drawing) });
  }
  // All with the adapter, then all without it: each network is loaded once.
  const firstSeed = seeds.slice(0, 1);
  const once = async (from: EvaluationPlan, place: string, prompt: string) =>
    required(await draw(from, { prompt, seeds: firstSeed, folder: place }), 0);
  const after: string[] = [];
  for (const [i, prompt] of unrelated.entries()) {
    after.push(await once(plan, join(folder, 'unrelated', 'with', numbered(i)), prompt));
  }
  const base: EvaluationPlan = { ...plan, adapters: [], fingerprint: undefined };
  const pairs: DriftPair[] = [];
  for (const [i, prompt] of unrelated.entries()) {
    const before = await once(base, join(baseFolder, numbered(i)), prompt);
    pairs.push({ prompt, without: before, with: required(after, i) });
  }
  return { pictures, pairs };
}

function generateHost(
  { now, signal, networks, listener }: DrawHost,
  { done, total }: { readonly done: number; readonly total: number },
): GenerateHost {
  return {
    now,
    networks,
    ...(signal && { signal }),
    listener: (event: GenerateEvent) => {
      if (event.type === 'warning') listener?.(event);
      if (event.type !== 'step') return;
      listener?.({ type: 'drawing', done, total, step: event.done, steps: event.total });
    },
  };
}
