/** @file The adapter files that a finished run leaves. */
import { encodeAdapterFile, finishedAdapters } from '../../adapters/index.ts';
import type { NamedTensors } from '../../optim/optimizer.ts';
import { baseSites } from '../../pipeline/adapters/site-weights.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import type { TrainState } from '../folder/checkpoint.ts';
import type { RunPaths } from '../folder/run-folder.ts';
import type { TrainPlan } from '../training-plan.ts';

/** The adapter; where it is the average over the steps, the last one besides. */
export async function writeAdapters(
  plan: TrainPlan,
  state: TrainState,
  paths: RunPaths,
): Promise<void> {
  const { parameters, average } = state;
  if (average !== undefined) {
    await writeFileAtomic(paths.lastAdapter, adapterBytes(plan, parameters));
  }
  await writeFileAtomic(paths.adapter, adapterBytes(plan, average ?? parameters));
}

/** What a run would have written as its adapter, had it ended where it is. */
export function adapterBytesNow(plan: TrainPlan, state: TrainState): Uint8Array<ArrayBuffer> {
  const ended = { ...plan, config: { ...plan.config, steps: state.step } };
  return adapterBytes(ended, state.average ?? state.parameters);
}

/** The file of an adapter as a run writes it. */
export function adapterBytes(
  { config, base, placed, concepts: [, ...further], phrase, className }: TrainPlan,
  tensors: NamedTensors,
): Uint8Array<ArrayBuffer> {
  const { targets, prompt, steps, batchSize, accumulate, learningRate, seed, clipSkip } = config;
  return encodeAdapterFile({
    ...finishedAdapters(placed, tensors),
    targets,
    base: { name: base.name, sites: baseSites(base).length },
    training: {
      subject: phrase,
      class: className,
      prompt,
      steps,
      batchSize,
      accumulate,
      learningRate,
      seed,
      ...(clipSkip > 1 && { clipSkip }),
      ...(further.length > 0 && {
        concept: further.map((each) => ({
          ...{ subject: each.phrase, class: each.className, prompt: each.prompt },
        })),
      }),
    },
  });
}
