/** @file What every stage of the recipe works with. */
import { join } from 'node:path';
import type { TorchGenerator } from '../src/base/torch-random.ts';
import type { ClipTokenizer } from '../src/data/tokenizer.ts';
import type { NamedTensors } from '../src/optim/optimizer.ts';
import { fromFloat32, toFloat32 } from '../src/tensor/half.ts';
import type { ScenePool } from './scene-pool.ts';
import type { Feeds } from './training/gradient-worker.ts';
import { type NetworkProgress, trainNetwork } from './training/train-network.ts';
import type { WholeStep } from './training/whole-step.ts';

/** How long a network is trained, and on how much at once. */
export interface StageSize {
  readonly steps: number;
  /** Of one worker. */
  readonly batch: number;
  readonly learningRate: number;
}

/** Scenes that something was done to. */
export interface Counted {
  readonly name: string;
  readonly done: number;
  readonly of: number;
}

export interface Workshop {
  readonly pool: ScenePool;
  readonly tokenizer: ClipTokenizer;
  readonly seed: number;
  /** Threads that share every batch. */
  readonly workers: number;
  /** Where states are kept, so that a run goes on where it was. */
  readonly work: string;
  /** Where the model is written, part by part. */
  readonly out: string;
  readonly report: (progress: NetworkProgress | Counted) => void;
  readonly signal: AbortSignal;
}

export interface Stage {
  readonly name: string;
  readonly size: StageSize;
  readonly step: WholeStep;
  readonly share: (generator: TorchGenerator) => Feeds;
  /** Weights that are not trained. */
  readonly given?: NamedTensors;
}

/** A network was interrupted, with its state saved. */
export class Interrupted extends Error {}

/**
 * Trains the network of a stage.
 *
 * @returns its weights as half precision holds them, which is how they are published
 * @throws Interrupted
 */
export async function trainStage(
  { seed, workers, work, report, signal }: Workshop,
  { name, size, step, share, given = new Map() }: Stage,
): Promise<NamedTensors> {
  const { steps, learningRate } = size;
  const checkpoint = join(work, `${name}.safetensors`);
  const run = { name, step, steps, learningRate, share, given, checkpoint };
  const weights = await trainNetwork({ ...run, seed, workers, report, signal });
  if (weights === undefined) throw new Interrupted(`${name} was interrupted`);
  const halves = [...weights].map(
    ([weight, value]) => [weight, toFloat32(fromFloat32(value, 'f16'))] as const,
  );
  return new Map(halves);
}

/** The weights under a prefix, with or without it. */
export function under(prefix: string, weights: NamedTensors): NamedTensors {
  return new Map([...weights].filter(([name]) => name.startsWith(prefix)));
}
