/** @file The loop that trains a whole network: shares of a batch, gradients, one update, a moving average. */
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { startAverage, updateAverage } from '../../src/optim/moving-average.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import type { Feeds, Scalars } from './gradient-worker.ts';
import { GradientWorkers } from './gradient-workers.ts';
import { initialWeights } from './initial-weights.ts';
import { Muon } from './muon.ts';
import { type NetworkState, savedNetwork, saveNetwork } from './network-checkpoint.ts';
import type { WholeStep } from './whole-step.ts';

export interface NetworkTraining {
  readonly name: string;
  readonly step: WholeStep;
  readonly steps: number;
  /** Of matrices and of all else, at its highest. */
  readonly learningRate: number;
  readonly seed: number;
  /** Threads, each of which takes a share of every batch. */
  readonly workers: number;
  /** The share of a batch that one worker takes, drawn by a generator of its own. */
  readonly share: (generator: TorchGenerator) => Promise<Feeds> | Feeds;
  /** Weights that are not trained or do not begin at random. */
  readonly given?: ReadonlyMap<string, Tensor<'f32'>>;
  /** Where the state is kept. */
  readonly checkpoint: string;
  readonly report: (progress: NetworkProgress) => void;
  readonly signal: AbortSignal;
}

export interface NetworkProgress {
  readonly name: string;
  readonly step: number;
  readonly steps: number;
  readonly scalars: Scalars;
  readonly seconds: number;
}

/** Products; tables of tokens and positions are AdamW's. */
const isMatrix = (name: string) => !/embedding|cls_token|conv_in|conv_out/.test(name);
const averageDecay = 0.999;
const checkpointEvery = 200;

/**
 * Trains, going on from the checkpoint where there is one.
 *
 * @returns the moving average of the weights; undefined where it was interrupted, with its state saved
 */
export async function trainNetwork(
  training: NetworkTraining,
): Promise<ReadonlyMap<string, Tensor<'f32'>> | undefined> {
  const { name, step, steps, checkpoint, report, signal } = training;
  await using optimizer = new Muon(isMatrix);
  const state = (await savedNetwork(checkpoint)) ?? beginning(training, optimizer);
  if (state.step >= steps) return state.average;
  await using workers = new GradientWorkers(step, training.workers);
  let upcoming = shares(training, state.step);
  while (state.step < steps) {
    const started = performance.now();
    const running = workers.run(await upcoming, state.weights);
    // While they compute.
    upcoming = shares(training, state.step + 1);
    const { scalars, gradients } = await running;
    requireFinite(name, state.step, scalars);
    const rate = training.learningRate * share(state.step, steps);
    const trained = new Map([...state.weights].filter(([weight]) => gradients.has(weight)));
    await optimizer.update(trained, gradients, state.optimizer, rate);
    state.step += 1;
    updateAverage(
      state.average,
      state.weights,
      Math.min(averageDecay, state.step / (state.step + 10)),
    );
    const seconds = (performance.now() - started) / 1000;
    report({ name, step: state.step, steps, scalars, seconds });
    if (state.step % checkpointEvery === 0 || state.step === steps || signal.aborted) {
      await saveNetwork(checkpoint, state);
    }
    if (signal.aborted) return undefined;
  }
  return state.average;
}

function beginning({ step, seed, given }: NetworkTraining, optimizer: Muon): NetworkState {
  const weights = initialWeights(step.weights, new TorchGenerator(seed));
  for (const [name, tensor] of given ?? []) weights.set(name, tensor);
  const trained = new Map([...weights].filter(([name]) => step.trained.includes(name)));
  return { step: 0, weights, average: startAverage(weights), optimizer: optimizer.init(trained) };
}

/** Randomness is of the seed, the step and the worker, so that a training that goes on draws what it would have drawn. */
async function shares({ seed, workers, share }: NetworkTraining, step: number) {
  const all: Feeds[] = [];
  for (let worker = 0; worker < workers; worker++) {
    all.push(await share(new TorchGenerator(((seed * 1_000_003 + step) * 64 + worker) >>> 0)));
  }
  return all;
}

/** Part of the learning rate at a step: up over fifty, then level, then down over the second half. */
function share(step: number, steps: number): number {
  const rising = (step + 1) / 50;
  const falling = (steps - step) / (steps / 2);
  return Math.min(1, rising, falling);
}

function requireFinite(name: string, step: number, scalars: Scalars): void {
  const broken = Object.entries(scalars).find(([, value]) => !Number.isFinite(value));
  if (broken === undefined) return;
  throw new Error(
    `${name}, step ${step + 1}: ${broken[0]} is ${broken[1]}; the last checkpoint is good, lower the learning rate`,
  );
}
