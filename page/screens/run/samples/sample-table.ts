/** @file Samples of a run as a table of steps by prompts. */
import type { RunSample } from '../../../../src/studio/interface/run-operations.ts';

export interface SampleTable {
  readonly steps: readonly number[];
  /** As they were drawn; undefined where one picture holds all of them. */
  readonly prompts: readonly (string | undefined)[];
  readonly at: (step: number, prompt: string | undefined) => RunSample | undefined;
  /** Asked for meanwhile, the newest first. */
  readonly asked: readonly RunSample[];
}

export function sampleTable(samples: readonly RunSample[]): SampleTable {
  const usual = samples.filter(({ isAsked }) => !isAsked);
  const key = (step: number, prompt: string | undefined) => `${step} ${prompt ?? ''}`;
  const found = new Map(usual.map((sample) => [key(sample.step, sample.prompt), sample]));
  return {
    steps: [...new Set(usual.map(({ step }) => step))].sort((a, b) => a - b),
    prompts: [...new Set(usual.map(({ prompt }) => prompt))],
    at: (step, prompt) => found.get(key(step, prompt)),
    asked: samples.filter(({ isAsked }) => isAsked).reverse(),
  };
}
