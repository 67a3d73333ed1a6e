/** @file A merged model as the tensors of one file, under the original names. */
import { invariant } from '../base/errors.ts';
import type { CheckpointKind } from '../models/single-file/kinds.ts';
import { checkpointSources } from '../models/single-file/parts.ts';
import type { Source } from '../models/single-file/source.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { textPartName } from '../pipeline/text/text-network.ts';
import type { TensorFile } from '../storage/weights/tensor-file.ts';
import { readDType, readPlace } from '../storage/weights/weight-place.ts';
import { toFloat32 } from '../tensor/half.ts';
import { transpose2d } from '../tensor/linear-algebra/host-matrices.ts';
import { concatenated, type Shape } from '../tensor/tensor.ts';
import type { MergedWeights } from './merged-weights.ts';
import {
  chosenDType,
  type MergedDType,
  type OutputTensor,
  type OutputTensors,
  outputWeight,
  rounded,
} from './output-tensor.ts';

export interface SingleFileLayout {
  readonly kind: CheckpointKind;
  /** The file that the base is: its names and shapes are kept, and what it holds besides the model. */
  readonly file?: TensorFile | undefined;
}

/** Averages over the training of the base, and what its training needed: they would not be those of the merged model. */
const outdated = /^(model_ema|optimizer|optimizer_states|callbacks|lr_schedulers)\b/;

/** All tensors of the file, by name. */
export function singleFileTensors(
  base: BaseModel,
  weights: MergedWeights,
  { kind, file }: SingleFileLayout,
  dtype: MergedDType,
): OutputTensors {
  const tensors = new Map<string, OutputTensor>();
  for (const [stored, members] of groupsOf(base, kind, file)) {
    const joined = joinedWeight(weights, members, dtype);
    const shape = file?.places.get(stored)?.entry.shape ?? originalShape(stored, joined.shape);
    tensors.set(stored, { ...joined, shape });
  }
  for (const [name, place] of file?.places ?? []) {
    if (tensors.has(name) || outdated.test(name)) continue;
    const { shape } = place.entry;
    tensors.set(name, { dtype: readDType(place), shape, read: () => readPlace(place) });
  }
  return tensors;
}

/** A weight of the model, and which part of a stored tensor it is. */
interface Member {
  readonly name: string;
  readonly source: Source;
}

/** The weights of every tensor of the file, in the order of its rows. */
function groupsOf(
  { unet, vae, textEncoders }: BaseModel,
  kind: CheckpointKind,
  file: TensorFile | undefined,
): ReadonlyMap<string, readonly Member[]> {
  const configs = {
    unet: unet.config,
    vae: vae.config,
    textEncoders: textEncoders.map(({ config }) => config),
  };
  const sources = checkpointSources(kind, configs, file?.places);
  const parts = [
    ['unet', sources.unet] as const,
    ['vae', sources.vae] as const,
    ...sources.textEncoders.map((each, i) => [textPartName(i), each] as const),
  ];
  const groups = new Map<string, Member[]>();
  for (const [part, ofPart] of parts) {
    for (const [name, source] of ofPart) {
      const group = groups.get(source.name) ?? [];
      groups.set(source.name, [...group, { name: `${part}.${name}`, source }]);
    }
  }
  for (const group of groups.values()) {
    group.sort((a, b) => (a.source.third ?? 0) - (b.source.third ?? 0));
  }
  return groups;
}

/** Weights one below the other, or one of them turned. */
function joinedWeight(
  weights: MergedWeights,
  members: readonly Member[],
  choice: MergedDType,
): OutputTensor {
  const [first] = members;
  invariant(first !== undefined, 'a tensor of the file holds no weight');
  if (members.length === 1 && first.source.transposed !== true) {
    return outputWeight(weights, first.name, choice);
  }
  const dtype = chosenDType(weights, first.name, choice);
  const [rows = 0, ...rest] = weights.shapeOf(first.name);
  const shape = first.source.transposed ? [...rest, rows] : [rows * members.length, ...rest];
  const read = async () => {
    const parts = [];
    for (const { name } of members) parts.push(toFloat32(await weights.read(name)));
    const joined = concatenated(parts);
    const turned = first.source.transposed ? transpose2d(joined) : joined;
    return rounded(turned, dtype, first.name);
  };
  return { dtype, shape, read };
}

/** The autoencoder's attention consisted of 1×1 convolutions. */
function originalShape(name: string, shape: Shape): Shape {
  const isConvolution = /^first_stage_model\..*\.attn_1\.(q|k|v|proj_out)\.weight$/.test(name);
  return isConvolution && shape.length === 2 ? [...shape, 1, 1] : shape;
}
