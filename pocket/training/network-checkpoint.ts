/** @file The state of a network's training in one file, from which it goes on. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import type { OptimizerState } from '../../src/optim/optimizer.ts';
import { writeFileAtomic } from '../../src/storage/files/atomic-file.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';

/** Everything that changes while a network is trained; randomness follows from the step. */
export interface NetworkState {
  step: number;
  readonly weights: ReadonlyMap<string, Tensor<'f32'>>;
  readonly average: ReadonlyMap<string, Tensor<'f32'>>;
  readonly optimizer: OptimizerState;
}

/** Writes it whole or not at all, over the one before. */
export async function saveNetwork(path: string, state: NetworkState): Promise<void> {
  const tensors = [
    ...prefixed('weight', state.weights),
    ...prefixed('average', state.average),
    ...prefixed('optimizer', state.optimizer.tensors),
  ];
  const metadata = { step: String(state.step), updates: String(state.optimizer.step) };
  await writeFileAtomic(path, encodeSafetensors(tensors, metadata));
}

/** The state that was saved, if any. */
export async function savedNetwork(path: string): Promise<NetworkState | undefined> {
  if (!existsSync(path)) return undefined;
  const { metadata, tensors } = decodeSafetensors(await readFile(path), path);
  const part = (prefix: string) =>
    new Map(
      [...tensors].flatMap(([name, tensor]) =>
        name.startsWith(`${prefix}/`) && tensor.dtype === 'f32'
          ? [[name.slice(prefix.length + 1), tensor as Tensor<'f32'>] as const]
          : [],
      ),
    );
  return {
    step: Number(metadata.step),
    weights: part('weight'),
    average: part('average'),
    optimizer: { step: Number(metadata.updates), tensors: part('optimizer') },
  };
}

function prefixed(prefix: string, tensors: ReadonlyMap<string, Tensor<'f32'>>) {
  return [...tensors].map(([name, tensor]) => [`${prefix}/${name}`, tensor] as const);
}
