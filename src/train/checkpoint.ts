/** @file Checkpoints: one file each, written whole or not at all, from which a run goes on bit for bit. */
import { join } from 'node:path';
import { z } from 'zod';
import { RunError } from '../base/errors.ts';
import { TorchGenerator } from '../base/torch-random.ts';
import { encodeSafetensors } from '../formats/safetensors.ts';
import type { NamedTensors, OptimizerState } from '../optim/optimizer.ts';
import { writeFileAtomic } from '../storage/atomic-file.ts';
import { namesIn, removeFile } from '../storage/folders.ts';
import { openSafetensors } from '../storage/safetensors-file.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { BatchOrder } from './batches.ts';

/** Everything that changes during training. */
export interface TrainState {
  /** Optimiser steps done. */
  step: number;
  readonly parameters: Map<string, Tensor<'f32'>>;
  readonly optimizer: OptimizerState;
  /** Moving average of the parameters, where the run keeps one. */
  readonly average: NamedTensors | undefined;
  readonly generator: TorchGenerator;
  order: BatchOrder;
}

const version = '1';
const metadataKey = 'krona.checkpoint';
const fileName = /^step-(\d+)\.safetensors$/;

const schema = z.strictObject({
  version: z.literal(version),
  step: z.number().int().nonnegative(),
  optimizerStep: z.number().int().nonnegative(),
  generator: z.strictObject({
    words: z.array(z.number().int()).length(624).readonly(),
    position: z.number().int(),
    cachedNormal: z.number().nullable(),
  }),
  order: z.strictObject({
    subject: z.array(z.number()).readonly(),
    prior: z.array(z.number()).readonly(),
  }),
});

/** Writes a checkpoint and removes those older than the newest `keep`; returns the file's name. */
export async function saveCheckpoint(
  folder: string,
  state: TrainState,
  keep: number,
): Promise<string> {
  const name = `step-${String(state.step).padStart(6, '0')}.safetensors`;
  const metadata = {
    version,
    step: state.step,
    optimizerStep: state.optimizer.step,
    generator: state.generator.state(),
    order: state.order,
  } satisfies z.input<typeof schema>;
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

/** Names of the checkpoints in a folder, oldest first. */
export async function checkpointFiles(folder: string): Promise<readonly string[]> {
  return (await namesIn(folder)).filter((name) => fileName.test(name));
}

/**
 * Reads the newest checkpoint of a folder; undefined where there is none.
 *
 * @throws RunError CHECKPOINT_BROKEN
 */
export async function latestCheckpoint(folder: string): Promise<TrainState | undefined> {
  const name = (await checkpointFiles(folder)).at(-1);
  if (name === undefined) return undefined;
  const path = join(folder, name);
  const file = await openSafetensors(path);
  const tensors = await file.readAll();
  const parsed = schema.safeParse(parseJson(file.header.metadata[metadataKey] ?? 'null'));
  if (!parsed.success) {
    throw new RunError(
      'CHECKPOINT_BROKEN',
      `${path} is not a checkpoint of this version: ${z.prettifyError(parsed.error)}; remove it to go on from the one before`,
    );
  }
  const { step, optimizerStep, generator, order } = parsed.data;
  const average = withoutPrefix('average', tensors);
  return {
    step,
    parameters: withoutPrefix('parameter', tensors),
    optimizer: { step: optimizerStep, tensors: withoutPrefix('optimizer', tensors) },
    average: average.size === 0 ? undefined : average,
    generator: TorchGenerator.fromState(generator),
    order,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function prefixed(prefix: string, tensors: NamedTensors): [string, Tensor<'f32'>][] {
  return [...tensors].map(([name, value]) => [`${prefix}/${name}`, value]);
}

function withoutPrefix(
  prefix: string,
  tensors: ReadonlyMap<string, Tensor>,
): Map<string, Tensor<'f32'>> {
  const own = [...tensors].filter(([name]) => name.startsWith(`${prefix}/`));
  return new Map(
    own.map(([name, value]) => [name.slice(prefix.length + 1), value as Tensor<'f32'>]),
  );
}
