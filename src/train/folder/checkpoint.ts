/** @file Checkpoints: one file each, written whole or not at all, from which a run goes on bit for bit. */
import * as z from 'zod';
import type { TorchGenerator } from '../../base/torch-random.ts';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import type { NamedTensors, OptimizerState } from '../../optim/optimizer.ts';
import { join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { namesIn, removeFile } from '../../storage/files/folders.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { BatchOrder } from '../pictures/batches.ts';
import { type MadeWith, madeWithSchema } from './made-with.ts';

/** Everything that changes during training. */
export interface TrainState {
  /** Optimiser steps done. */
  step: number;
  readonly parameters: Map<string, Tensor<'f32'>>;
  optimizer: OptimizerState;
  /** Moving average of the parameters, where the run keeps one. */
  average: NamedTensors | undefined;
  readonly generator: TorchGenerator;
  order: BatchOrder;
  /** What the checkpoint that it was read from was made with, where that says so. */
  readonly made?: MadeWith | undefined;
}

const version = '1';
export const metadataKey = 'krona.checkpoint';
const namePattern = /^step-(\d+)\.safetensors$/;

const word = z
  .number()
  .int()
  .min(0)
  .max(2 ** 32 - 1);
const pictures = z.array(z.number().int().nonnegative()).readonly();

/** What a checkpoint says beside its tensors. */
export const checkpointSchema = z.strictObject({
  version: z.literal(version),
  step: z.number().int().nonnegative(),
  optimizerStep: z.number().int().nonnegative(),
  generator: z.strictObject({
    words: z.array(word).length(624).readonly(),
    position: z.number().int().min(0).max(624),
    cachedNormal: z.number().nullable(),
  }),
  order: z.strictObject({ subject: pictures, prior: pictures }),
  /** Not in checkpoints of earlier versions. */
  made: madeWithSchema.optional(),
});

/** Writes a checkpoint and removes those older than the newest `keep`; returns the file's name. */
export async function saveCheckpoint(
  folder: string,
  state: TrainState,
  { keep, made }: { readonly keep: number; readonly made: MadeWith },
): Promise<string> {
  const name = checkpointName(state.step);
  const metadata = {
    version,
    step: state.step,
    optimizerStep: state.optimizer.step,
    generator: state.generator.state(),
    order: state.order,
    made,
  } satisfies z.input<typeof checkpointSchema>;
  const tensors = [
    ...prefixed('parameter', state.parameters),
    ...prefixed('optimizer', state.optimizer.tensors),
    ...prefixed('average', state.average ?? new Map()),
  ];
  const bytes = encodeSafetensors(tensors, { [metadataKey]: JSON.stringify(metadata) });
  await writeFileAtomic(join(folder, name), bytes);
  const files = await checkpointFiles(folder);
  for (const old of files.slice(0, -keep)) await removeFile(join(folder, old));
  return name;
}

/** The name of the checkpoint after a step. */
export function checkpointName(step: number): string {
  return `step-${String(step).padStart(6, '0')}.safetensors`;
}

/** The step that a checkpoint's name states; undefined of other names. */
export function stepOfName(name: string): number | undefined {
  const [, digits] = namePattern.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Names of the checkpoints in a folder, oldest first. */
export async function checkpointFiles(folder: string): Promise<readonly string[]> {
  const names = await namesIn(folder);
  const steps = names.flatMap((name) => {
    const step = stepOfName(name);
    return step === undefined ? [] : [{ name, step }];
  });
  return steps.sort((a, b) => a.step - b.step).map(({ name }) => name);
}

function prefixed<Value>(
  prefix: string,
  values: ReadonlyMap<string, Value>,
): readonly (readonly [string, Value])[] {
  return [...values].map(([name, value]) => [`${prefix}/${name}`, value]);
}
