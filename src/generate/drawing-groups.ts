/** @file The pictures of a request in groups that are drawn and written one after the other: a long one holds no more than a short one. */
import { seedsFrom } from '../base/numbers/seeds.ts';
import type { GeneratePlan } from './generation-plan.ts';
import type { PlannedPrompt } from './prompts/planned-prompt.ts';

/** Pictures held together before they are written; each loads the model's parts anew where they are not kept. */
const together = 64;

/** Pictures of one prompt. */
export interface DrawingGroup {
  readonly prompt: string;
  /** The same as it was asked for, where choices are left open. */
  readonly asked: string;
  readonly seeds: readonly number[];
  /** Pictures of the request that come before. */
  readonly before: number;
  readonly isFirstOfPrompt: boolean;
}

/** Prompt after prompt, whole batches together; of a prompt whose choices vary, pictures with the same ones. */
export function* drawingGroups({
  config: { seed, count, batchSize },
  prompts,
}: Pick<GeneratePlan, 'config' | 'prompts'>): Generator<DrawingGroup, void> {
  const size = batchSize * Math.max(1, Math.floor(together / batchSize));
  for (const [turn, planned] of prompts.entries()) {
    for (let first = 0; first < count; first += size) {
      let before = turn * count + first;
      for (const seeds of alike(seedsFrom(seed + first, Math.min(size, count - first)), planned)) {
        const [own = seed] = seeds;
        const isFirstOfPrompt = before === turn * count;
        yield { prompt: planned.of(own), asked: planned.text, seeds, before, isFirstOfPrompt };
        before += seeds.length;
      }
    }
  }
}

/** Seeds that follow each other and choose the same prompt. */
function alike(seeds: readonly number[], { varies, of }: PlannedPrompt): readonly number[][] {
  if (!varies) return [[...seeds]];
  const groups: { readonly prompt: string; readonly seeds: number[] }[] = [];
  for (const seed of seeds) {
    const prompt = of(seed);
    const last = groups.at(-1);
    if (last?.prompt === prompt) last.seeds.push(seed);
    else groups.push({ prompt, seeds: [seed] });
  }
  return groups.map((group) => group.seeds);
}
