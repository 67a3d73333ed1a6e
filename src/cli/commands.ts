/** @file The commands of `krona`: one line each in the help, their options loaded with the one that runs. */
import type { Command } from 'commander';
import type { Terminal } from './shell/terminal.ts';

interface CommandEntry {
  /** What the list of commands says of it. */
  readonly summary: string;
  /** Gives a command its description, options and action. */
  readonly load: () => Promise<(command: Command, terminal: Terminal) => void>;
}

/** The help lists them in this order. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  demo: {
    summary: 'train and show a bundled example',
    load: async () => (await import('./commands/demo/demo.ts')).addDemo,
  },
  studio: {
    summary: 'train, draw and compare in a page',
    load: async () => (await import('./commands/studio.ts')).addStudio,
  },
  train: {
    summary: 'teach a model a subject from a few pictures',
    load: async () => (await import('./commands/train/train.ts')).addTrain,
  },
  'find-rate': {
    summary: 'try rising learning rates, and suggest one',
    load: async () => (await import('./commands/train/find-rate.ts')).addFindRate,
  },
  generate: {
    summary: 'make pictures of a prompt',
    load: async () => (await import('./commands/generate.ts')).addGenerate,
  },
  upscale: {
    summary: 'enlarge pictures, and draw them again for more detail',
    load: async () => (await import('./commands/upscale.ts')).addUpscale,
  },
  compare: {
    summary: 'show the adapters of several runs side by side',
    load: async () => (await import('./commands/compare.ts')).addCompare,
  },
  evaluate: {
    summary: 'measure a run, or pictures of any tool: CLIP-I, CLIP-T, DINO',
    load: async () => (await import('./commands/evaluate.ts')).addEvaluate,
  },
  sweep: {
    summary: 'train, draw and measure every combination of settings',
    load: async () => (await import('./commands/sweep/sweep.ts')).addSweep,
  },
  worker: {
    summary: 'do the tasks of sweeps, from a queue',
    load: async () => (await import('./commands/sweep/worker.ts')).addWorker,
  },
  report: {
    summary: 'turn results of sweeps into a page and Markdown',
    load: async () => (await import('./commands/report.ts')).addReport,
  },
  dreambench: {
    summary: 'the benchmark of DreamBooth: list it, check a copy, fetch the pictures',
    load: async () => (await import('./commands/dreambench.ts')).addDreamBench,
  },
  plan: {
    summary: 'count what an adapter would train, and the memory it takes',
    load: async () => (await import('./commands/plan/plan.ts')).addPlan,
  },
  inspect: {
    summary: 'say what a file or folder is, and whether it is sound',
    load: async () => (await import('./commands/inspect/inspect.ts')).addInspect,
  },
  convert: {
    summary: 'write an adapter as other tools do, or as LoRA or KronA',
    load: async () => (await import('./commands/convert.ts')).addConvert,
  },
  extract: {
    summary: 'make an adapter of what a tuned checkpoint changed',
    load: async () => (await import('./commands/extract.ts')).addExtract,
  },
  merge: {
    summary: 'merge adapters into a model, or several adapters into one',
    load: async () => (await import('./commands/merge/merge.ts')).addMerge,
  },
  publish: {
    summary: 'put the adapter of a run on the Hugging Face hub, with a model card',
    load: async () => (await import('./commands/publish.ts')).addPublish,
  },
  'make-model': {
    summary: 'make a model with random weights, to measure with',
    load: async () => (await import('./commands/make-model.ts')).addMakeModel,
  },
};
