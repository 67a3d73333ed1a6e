/** @file The training loop. */
import { RunError } from '../base/errors.ts';
import { clipGradients } from '../optim/clipping.ts';
import { decayAt, updateAverage } from '../optim/moving-average.ts';
import type { NamedTensors, Optimizer } from '../optim/optimizer.ts';
import { optimizers } from '../optim/optimizers.ts';
import { type RateFactors, withRates } from '../optim/parameter-groups.ts';
import { residentMemory } from '../platform/machine.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TrainEvent } from './events.ts';
import type { TrainState } from './folder/checkpoint.ts';
import type { BatchSource } from './pictures/batches.ts';
import type { StepProgram } from './step-program.ts';
import type { TrainConfig } from './train-options.ts';

/** What the loop needs of its surroundings. */
export interface Loop {
  readonly config: TrainConfig;
  readonly state: TrainState;
  /** Names of the parameters that are trained; the others stay as they are. */
  readonly trained: ReadonlySet<string>;
  readonly rateFactors: RateFactors;
  readonly program: Pick<StepProgram, 'run'>;
  readonly batches: BatchSource;
  readonly learningRateAt: (step: number) => number;
  readonly report: (event: TrainEvent) => Promise<void>;
  /** Writes a checkpoint of the state as it is. */
  readonly save: () => Promise<void>;
  /** Whether somebody has asked for a checkpoint since the last call. */
  readonly saveAsked: () => boolean;
  /** Measures the loss on held-out pictures where that is due after a step. */
  readonly validate: () => Promise<void>;
  /** Draws the previews that are due after a step or asked for. */
  readonly preview: () => Promise<void>;
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly now: () => number;
}

/**
 * Trains until the configured number of steps, or until the signal; either way the last state is saved.
 *
 * @returns whether it was interrupted
 * @throws RunError LOSS_NOT_FINITE before such a step changes anything, naming the checkpoint that stays good, if any
 */
export async function trainLoop(loop: Loop): Promise<boolean> {
  const { config, state, rateFactors, report, validate, save, saveAsked, preview, signal } = loop;
  const optimizer = withRates(optimizers[config.optimizer](config), rateFactors);
  let saved = state.step;
  while (state.step < config.steps) {
    await trainStep(loop, { optimizer, saved, learningRate: loop.learningRateAt(state.step) });
    const isLast = state.step === config.steps;
    const isStopped = signal.aborted && !isLast;
    const isDue = state.step % config.checkpointEvery === 0 || isLast;
    await validate();
    if (saveAsked() || isDue || isStopped) {
      await save();
      saved = state.step;
    }
    if (isStopped) {
      await report({ type: 'interrupted', step: state.step });
      return true;
    }
    await preview();
  }
  return false;
}

interface Update {
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  /** The step that the newest checkpoint is of; 0 before there is one. */
  readonly saved: number;
}

/** Gradients of one or more batches, clipped, and one update. */
async function trainStep(loop: Loop, { optimizer, learningRate, saved }: Update): Promise<void> {
  const { config, state, trained, batches, report, now } = loop;
  const started = now();
  const { loss, gradients: total, milliseconds: graphMilliseconds } = await meanGradients(loop);
  const gradientNorm = clipGradients(total, config.clipNorm);
  requireFinite({ loss, gradientNorm }, { step: state.step + 1, saved });
  optimizer.update(only(state.parameters, trained), total, state.optimizer, learningRate);
  state.step += 1;
  if (state.average !== undefined && config.emaDecay !== undefined) {
    const options = { decay: config.emaDecay, power: config.emaPower };
    updateAverage(state.average, state.parameters, decayAt(state.step, options));
  }
  state.order = batches.order;
  await report({
    type: 'step',
    step: state.step,
    steps: config.steps,
    loss,
    learningRate,
    gradientNorm,
    seconds: (now() - started) / 1000,
    graphSeconds: graphMilliseconds / 1000,
    memoryBytes: residentMemory(),
  });
}

/** What the gradients of a step are made of. */
export type GradientSource = Pick<
  Loop,
  'config' | 'state' | 'trained' | 'program' | 'batches' | 'now'
>;

/** The mean loss and gradients of as many batches as a step has, and how long the graph took. */
export async function meanGradients({
  config,
  state,
  trained,
  program,
  batches,
  now,
}: GradientSource): Promise<{
  readonly loss: number;
  readonly gradients: Map<string, Tensor<'f32'>>;
  readonly milliseconds: number;
}> {
  let milliseconds = 0;
  let loss = 0;
  const gradients = new Map<string, Tensor<'f32'>>();
  for (let i = 0; i < config.accumulate; i++) {
    const batch = batches.next();
    const before = now();
    const result = await program.run(batch, state.parameters);
    milliseconds += now() - before;
    loss += result.loss / config.accumulate;
    addScaled(gradients, only(result.gradients, trained), 1 / config.accumulate);
  }
  return { loss, gradients, milliseconds };
}

/** The tensors of those names. */
export function only(tensors: NamedTensors, names: ReadonlySet<string>): NamedTensors {
  return new Map([...tensors].filter(([name]) => names.has(name)));
}

/** total += scale · gradients; the first gradients are taken over as they are when the scale is 1. */
export function addScaled(
  total: Map<string, Tensor<'f32'>>,
  gradients: NamedTensors,
  scale: number,
): void {
  for (const [name, { shape, dtype, data }] of gradients) {
    const sum = total.get(name)?.data;
    total.set(name, {
      dtype,
      shape,
      data: sum === undefined ? data.map((value) => value * scale) : sum,
    });
    if (sum === undefined) continue;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (data[i] ?? 0) * scale;
  }
}

interface MadeSoFar {
  readonly step: number;
  readonly saved: number;
}

/** @throws RunError LOSS_NOT_FINITE */
export function requireFinite(
  measured: Readonly<Record<string, number>>,
  { step, saved }: MadeSoFar,
): void {
  const kept =
    saved === 0 ? 'there is no checkpoint yet' : `the checkpoint of step ${saved} is good`;
  for (const [name, value] of Object.entries(measured)) {
    if (Number.isFinite(value)) continue;
    throw new RunError(
      'LOSS_NOT_FINITE',
      `step ${step}: the ${name === 'loss' ? 'loss' : 'norm of the gradients'} is ${value}; the step was not made and ${kept}. Start again with a lower learning rate (a tenth, say), or check that the base model fits its scheduler's prediction type`,
    );
  }
}
