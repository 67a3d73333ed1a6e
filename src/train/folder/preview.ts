/** @file Preview pictures of the adapter as it is, drawn with seeds of their own so that training is not disturbed. */
import { withSubject } from '../../base/subject-template.ts';
import { encodePng } from '../../data/image.ts';
import { textToImage } from '../../pipeline/draw/text-to-image.ts';
import { join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { namesIn } from '../../storage/files/folders.ts';
import type { TrainConfig } from '../train-options.ts';
import { drawingSettings, previewSyntax, type TrainPlan } from '../training-plan.ts';
import type { TrainState } from './checkpoint.ts';

/** A picture to draw, or drawn. */
export interface Preview {
  /** In the folder of previews. */
  readonly name: string;
  /** Complete. */
  readonly prompt: string;
}

/** The previews after a step: one for each prompt, at the start, every so many steps and at the end. */
export function previewsDue({ config, phrase }: TrainPlan, step: number): readonly Preview[] {
  if (!isDue(config, step)) return [];
  return config.samplePrompt.map((prompt, i) => ({
    name: `${stepName(step)}-${i + 1}.png`,
    prompt: withSubject(prompt, phrase),
  }));
}

/** The previews of prompts that were asked for meanwhile, under names that are free. */
export async function previewsAsked(
  prompts: readonly string[],
  { step, folder }: { readonly step: number; readonly folder: string },
): Promise<readonly Preview[]> {
  if (prompts.length === 0) return [];
  const start = `${stepName(step)}-asked-`;
  const taken = (await namesIn(folder)).filter((name) => name.startsWith(start)).length;
  return prompts.map((prompt, i) => ({ name: `${start}${taken + i + 1}.png`, prompt }));
}

/** Draws a preview and writes it. */
export async function savePreview(
  { base, config, placed, size }: TrainPlan,
  state: TrainState,
  { folder, name, prompt }: Preview & { readonly folder: string },
): Promise<void> {
  const [picture] = await textToImage(base, {
    prompt,
    syntax: previewSyntax(base),
    seeds: [config.seed],
    adapters: [{ placed, tensors: state.average ?? state.parameters }],
    ...drawingSettings(base),
    size,
  });
  if (picture !== undefined) await writeFileAtomic(join(folder, name), await encodePng(picture));
}

function isDue({ sampleEvery, steps }: TrainConfig, step: number): boolean {
  return sampleEvery !== undefined && (step % sampleEvery === 0 || step === steps);
}

function stepName(step: number): string {
  return `step-${String(step).padStart(6, '0')}`;
}
