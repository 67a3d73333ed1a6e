/** @file Reads a checkpoint back: everything in it is what this run would have written, or it is refused. */
import { type PlacedAdapter, parameterShapes } from '../../adapters/index.ts';
import { FormatError, RunError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import { parseJson } from '../../formats/parse-json.ts';
import { optimizers } from '../../optim/optimizers.ts';
import { basename, join } from '../../platform/paths.ts';
import { openSafetensors } from '../../storage/weights/safetensors-file.ts';
import { float32, type Shape, type Tensor } from '../../tensor/tensor.ts';
import { tensorProblems } from '../../tensor/tensor-problems.ts';
import type { BatchOrder } from '../pictures/batches.ts';
import type { Dataset } from '../pictures/dataset.ts';
import type { TrainConfig } from '../train-options.ts';
import { only } from '../trainer.ts';
import {
  checkpointFiles,
  checkpointName,
  checkpointSchema,
  metadataKey,
  stepOfName,
  type TrainState,
} from './checkpoint.ts';

/** The run whose checkpoints are read. */
export interface CheckpointOwner {
  readonly config: TrainConfig;
  readonly placed: readonly PlacedAdapter[];
  /** Names of the parameters that the optimiser has. */
  readonly trained: ReadonlySet<string>;
}

/**
 * Reads the newest checkpoint of a folder; undefined where there is none.
 *
 * @throws RunError CHECKPOINT_BROKEN naming what is not as this run writes it
 */
export async function latestCheckpoint(
  folder: string,
  owner: CheckpointOwner,
): Promise<TrainState | undefined> {
  const name = (await checkpointFiles(folder)).at(-1);
  return name === undefined ? undefined : await readCheckpoint(join(folder, name), owner);
}

/**
 * Reads one checkpoint.
 *
 * @throws RunError CHECKPOINT_BROKEN naming what is not as this run writes it; SystemError where it is not there
 */
export async function readCheckpoint(path: string, owner: CheckpointOwner): Promise<TrainState> {
  const { tensors, metadata } = await contentOf(path);
  const found = parseJson(metadata[metadataKey] ?? 'null');
  const parsed = checkpointSchema.safeParse(found);
  if (!parsed.success) throw broken(path, schemaProblems(checkpointSchema, found, parsed.error));
  const { step, optimizerStep, generator, order, made } = parsed.data;
  const problems = [
    ...stepProblems({ step, optimizerStep, named: stepOfName(basename(path)) }, owner.config),
    ...tensorProblems(tensors, shapesOf(owner)),
    ...valueProblems(tensors),
  ];
  if (problems.length > 0) throw broken(path, problems.join('\n  '));
  const average = withoutPrefix('average', tensors);
  return {
    step,
    parameters: withoutPrefix('parameter', tensors),
    optimizer: { step: optimizerStep, tensors: withoutPrefix('optimizer', tensors) },
    average: average.size === 0 ? undefined : average,
    generator: TorchGenerator.fromState(generator),
    order,
    made,
  };
}

/**
 * Refuses a state whose pictures in line are not those of the run.
 *
 * @throws RunError CHECKPOINT_BROKEN
 */
export function requireOrder({ step, order }: TrainState, dataset: Dataset, folder: string): void {
  for (const concept of ['subject', 'prior'] as const satisfies (keyof BatchOrder)[]) {
    const count = dataset[concept]?.pictures.length ?? 0;
    const other = order[concept].find((picture) => picture >= count);
    if (other === undefined) continue;
    const path = join(folder, checkpointName(step));
    throw broken(path, `order.${concept} names picture ${other}, of 0 to ${count - 1}`);
  }
}

/** A file cut short, or of another kind, is broken as one is whose content is another's. */
async function contentOf(path: string) {
  try {
    const file = await openSafetensors(path);
    return { tensors: await file.readAll(), metadata: file.header.metadata };
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw broken(path, 'it is no sound safetensors file', { cause });
  }
}

function broken(path: string, problem: string, options?: ErrorOptions): RunError {
  return new RunError(
    'CHECKPOINT_BROKEN',
    `${path} is not a checkpoint of this run: ${problem}\nremove it to go on from the one before`,
    options,
  );
}

interface Steps {
  readonly step: number;
  readonly optimizerStep: number;
  /** By the file's name. */
  readonly named: number | undefined;
}

function stepProblems({ step, optimizerStep, named }: Steps, { steps }: TrainConfig): string[] {
  return [
    ...(step === named ? [] : [`its name says step ${named}, the file step ${step}`]),
    ...(step <= steps ? [] : [`step ${step} of a run of ${steps}`]),
    // An optimiser may leave out steps, such as prodigy those with a learning rate of 0.
    ...(optimizerStep <= step ? [] : [`${optimizerStep} updates in ${step} steps`]),
  ];
}

/** Names and shapes of all tensors that a checkpoint of the run has. */
function shapesOf({ config, placed, trained }: CheckpointOwner): ReadonlyMap<string, Shape> {
  const parameters = parameterShapes(placed);
  const blank = new Map([...parameters].map(([name, shape]) => [name, float32(shape)]));
  const memory = optimizers[config.optimizer](config).init(only(blank, trained)).tensors;
  const named = (prefix: string, shapes: Iterable<readonly [string, Shape]>) =>
    [...shapes].map(([name, shape]) => [`${prefix}/${name}`, shape] as const);
  return new Map([
    ...named('parameter', parameters),
    ...named(
      'optimizer',
      [...memory].map(([name, { shape }]) => [name, shape]),
    ),
    ...named('average', config.emaDecay === undefined ? [] : parameters),
  ]);
}

/** A run never keeps a number that is none: it stops before. */
function valueProblems(tensors: ReadonlyMap<string, Tensor>): string[] {
  const found = [...tensors].find(([, { data }]) => data.some((value) => !Number.isFinite(value)));
  return found === undefined ? [] : [`"${found[0]}" holds numbers that are not finite`];
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
