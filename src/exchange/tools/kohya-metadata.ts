/** @file The header of kohya's files: what A1111, ComfyUI's managers and LyCORIS read of an adapter. */
import type { AdapterFile, AdapterTraining } from '../../adapters/index.ts';
import { withSubject } from '../../base/subject-template.ts';
import type { CheckpointKindName } from '../../models/single-file/kinds.ts';
import { kohyaAlpha, type WrittenModule } from '../methods/written-module.ts';
import { contextSizeOf, kindOfContext } from '../names/base-kind.ts';
import type { WriteOptions } from './write-options.ts';

/** What sd-scripts calls a family; `_v` follows where it predicts velocities. */
const baseVersions: Readonly<Record<CheckpointKindName, string | undefined>> = {
  sd1: 'sd_v1',
  sd2: 'sd_v2',
  sdxl: 'sdxl_base_v1-0',
  sdxlRefiner: undefined,
};

/** The rank that files of full factors state, where readers ignore it. */
const noRank = 1;

/** Metadata of sd-scripts (`ss_`) and of ModelSpec 1.0.1, all of them strings. */
export function kohyaMetadata(
  file: AdapterFile,
  modules: readonly WrittenModule[],
  options: WriteOptions,
): Record<string, string> {
  const { rank, alpha } = commonRank(modules);
  const title = options.title ?? file.training?.subject;
  return {
    ...baseMetadata(file, options),
    ...networkMetadata(modules),
    ss_network_dim: String(rank),
    ss_network_alpha: String(alpha),
    ...trainingMetadata(file),
    'modelspec.sai_model_spec': '1.0.1',
    ...(title === undefined ? {} : { ss_output_name: title, 'modelspec.title': title }),
    ...(options.date === undefined ? {} : { 'modelspec.date': options.date }),
  };
}

/** The rank that full factors are said to have: that of the header, for what readers do with it. */
export function statedRank(metadata: Readonly<Record<string, string>>): number {
  const rank = Number(metadata.ss_network_dim);
  return Number.isFinite(rank) && rank > 0 ? rank : noRank;
}

/**
 * The rank and alpha that all modules share; `Dynamic` where they differ, as sd-scripts' resizing to dynamic ranks
 * writes: any number there would contradict some module's own.
 */
function commonRank(modules: readonly WrittenModule[]): {
  readonly rank: number | 'Dynamic';
  readonly alpha: number | 'Dynamic';
} {
  const ranked = modules.flatMap(({ ranked: own }) =>
    own === undefined ? [] : [{ rank: own.rank, alpha: kohyaAlpha(own) }],
  );
  const [first = { rank: noRank, alpha: noRank }] = ranked;
  const isShared = ranked.every(({ rank, alpha }) => rank === first.rank && alpha === first.alpha);
  return isShared ? first : { rank: 'Dynamic', alpha: 'Dynamic' };
}

function baseMetadata(
  { training }: AdapterFile,
  { sites, prediction = 'epsilon' }: WriteOptions,
): Record<string, string> {
  const isVelocity = prediction === 'v_prediction';
  const kind = kindOfContext(contextSizeOf(sites));
  const version = kind && baseVersions[kind];
  const architecture = kind && architectureOf(kind, isVelocity);
  const side = training?.resolution;
  return {
    ss_v2: kind === 'sd2' ? 'True' : 'False',
    ...(version === undefined
      ? {}
      : { ss_base_model_version: isVelocity && kind !== 'sdxl' ? `${version}_v` : version }),
    ...(architecture === undefined
      ? {}
      : {
          'modelspec.architecture': `${architecture}/lora`,
          'modelspec.implementation':
            kind === 'sdxl' ? 'https://github.com/Stability-AI/generative-models' : 'diffusers',
        }),
    'modelspec.prediction_type': isVelocity ? 'v' : 'epsilon',
    ...(side === undefined
      ? {}
      : { ss_resolution: `(${side}, ${side})`, 'modelspec.resolution': `${side}x${side}` }),
  };
}

export function architectureOf(kind: CheckpointKindName, isVelocity: boolean): string | undefined {
  switch (kind) {
    case 'sd1':
      return 'stable-diffusion-v1';
    case 'sd2':
      return isVelocity ? 'stable-diffusion-v2-768-v' : 'stable-diffusion-v2-512';
    case 'sdxl':
      return 'stable-diffusion-xl-v1-base';
    case 'sdxlRefiner':
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** The module of sd-scripts that would make such a network, with its arguments. */
function networkMetadata(modules: readonly WrittenModule[]): Record<string, string> {
  const counts = new Map<WrittenModule['algorithm'], number>();
  for (const { algorithm } of modules) counts.set(algorithm, (counts.get(algorithm) ?? 0) + 1);
  const [[main] = ['lora']] = [...counts].sort(([, a], [, b]) => b - a);
  const isPlain = main === 'lora' && counts.size === 1 && modules.every(isLinear);
  if (isPlain) return { ss_network_module: 'networks.lora', ss_network_args: '{}' };
  const sizes = new Set(modules.flatMap(({ tensors }) => tensors.lokr_w1?.shape ?? []));
  const isFull = modules.every(({ ranked }) => ranked === undefined);
  const args = {
    algo: main === 'lora' ? 'locon' : main,
    ...(main === 'lokr' && isFull ? { full_matrix: 'True' } : {}),
    ...(main === 'lokr' && sizes.size === 1 ? { factor: [...sizes].join() } : {}),
  };
  return { ss_network_module: 'lycoris.kohya', ss_network_args: JSON.stringify(args) };
}

function isLinear({ site }: WrittenModule): boolean {
  return site.kind === 'linear';
}

/** The prompt that an adapter was trained with, its subject in it; a file says it or its subject alone, or nothing. */
export function promptOfTraining({ prompt, subject }: AdapterTraining): string | undefined {
  return prompt === undefined || subject === undefined
    ? (prompt ?? subject)
    : withSubject(prompt, subject);
}

function trainingMetadata({ training, base }: AdapterFile): Record<string, string> {
  if (training === undefined) return {};
  const { learningRate, seed, steps, batchSize, subject } = training;
  const phrase = promptOfTraining(training);
  const values = {
    ss_learning_rate: learningRate,
    ss_seed: seed,
    ss_max_train_steps: steps,
    ss_steps: steps,
    ss_batch_size_per_device: batchSize,
    ss_training_comment: `trained with diffusekrona on ${base.name}`,
    // A1111 finds trigger words here: counts of captions by folder.
    ss_tag_frequency: phrase && JSON.stringify({ [`1_${subject ?? phrase}`]: { [phrase]: 1 } }),
    'modelspec.trigger_phrase': phrase,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    ),
  );
}
