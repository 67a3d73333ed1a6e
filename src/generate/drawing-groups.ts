/** @file The pictures of a request in groups that are drawn and written one after the other: a long one holds no more than a short one. */
import { seedsFrom } from '../base/numbers/seeds.ts';
import type { GeneratePlan } from './generation-plan.ts';

/** Pictures held together before they are written; each loads the model's parts anew where they are not kept. */
const together = 64;

/** Pictures of one prompt. */
export interface DrawingGroup {
  readonly prompt: string;
  readonly seeds: readonly number[];
  /** Pictures of the request that come before. */
  readonly before: number;
  readonly isFirstOfPrompt: boolean;
}

/** Prompt after prompt, whole batches together. */
export function* drawingGroups({
  config: { seed, count, batchSize },
  prompts,
}: Pick<GeneratePlan, 'config' | 'prompts'>): Generator<DrawingGroup, void> {
  const size = batchSize * Math.max(1, Math.floor(together / batchSize));
  for (const [turn, prompt] of prompts.entries()) {
    for (let first = 0; first < count; first += size) {
      const seeds = seedsFrom(seed + first, Math.min(size, count - first));
      yield { prompt, seeds, before: turn * count + first, isFirstOfPrompt: first === 0 };
    }
  }
}
