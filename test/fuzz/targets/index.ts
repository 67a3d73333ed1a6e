/** @file Every target; one line each. */
import type { Target } from '../target.ts';
import { adapters, foreignAdapters } from './adapters.ts';
import { hostilePickles, pickles, safetensors } from './checkpoints.ts';
import { hubAnswers } from './hub.ts';
import { modelConfigs, modelWeights, tokenizers } from './models.ts';
import { decoding, pngText, trainingFolders } from './pictures.ts';
import { runs } from './runs.ts';
import { benchmarks, configurations, sweepResults, sweeps } from './settings.ts';
import { tasks } from './tasks.ts';

export const targets = {
  safetensors,
  pickles,
  'hostile-pickles': hostilePickles,
  pictures: decoding,
  'png-text': pngText,
  'training-folders': trainingFolders,
  'model-configs': modelConfigs,
  'model-weights': modelWeights,
  tokenizers,
  configurations,
  sweeps,
  benchmarks,
  'sweep-results': sweepResults,
  runs,
  adapters,
  'foreign-adapters': foreignAdapters,
  tasks,
  hub: hubAnswers,
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof targets;
export const targetNames = Object.keys(targets) as TargetName[];
