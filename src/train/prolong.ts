/** @file More steps for a run: exactly as if as many had been asked for at first, or not at all. */
import { RunError } from '../base/errors.ts';
import type { Recommendation } from '../pipeline/base/recommended/recommendation.ts';
import { checkpointFiles, stepOfName } from './folder/checkpoint.ts';
import { runPaths } from './folder/run-folder.ts';
import type { TrainConfig } from './train-options.ts';
import { learningRateOf } from './training-plan.ts';

export interface Prolonging {
  /** In all. */
  readonly steps: number;
  /** What the base recommends. */
  readonly of: Recommendation;
}

/**
 * The configuration that a run would have if it had been begun with so many steps. Nothing but the learning rate
 * depends on them, so that the steps done hold if their rates do.
 *
 * @throws RunError STEPS_FEWER
 * @throws RunError STEPS_OTHER_RATES where steps that are done would have had other learning rates
 */
export async function prolonged(
  folder: string,
  config: TrainConfig,
  { steps, of }: Prolonging,
): Promise<TrainConfig> {
  if (steps === config.steps) return config;
  if (!(Number.isSafeInteger(steps) && steps > config.steps)) {
    throw new RunError(
      'STEPS_FEWER',
      `steps: ${folder} has ${config.steps} steps and may get more, got ${steps}; its checkpoints are the shorter trainings that it has`,
    );
  }
  const longer = { ...config, steps, warmupSteps: warmupOf(config, { steps, of }) };
  const other = otherRate(config, longer, await stepsDone(folder));
  if (other !== undefined) throw otherRates(folder, longer, other);
  return longer;
}

/**
 * Whether a finished run surely gets more steps: with them, all that it has made had the same learning rates. A warm-up of
 * its whole length may be a longer one that was cut, which its base would know.
 */
export function canProlong(config: TrainConfig, steps: number): boolean {
  if (config.warmupSteps >= config.steps) return false;
  return otherRate(config, { ...config, steps }, config.steps) === undefined;
}

/** The first of the steps done that would have had another rate. */
function otherRate(config: TrainConfig, longer: TrainConfig, done: number) {
  const [before, after] = [learningRateOf(config), learningRateOf(longer)];
  for (let at = 0; at < done; at++) {
    if (before(at) !== after(at)) return { at, before: before(at), after: after(at), done };
  }
  return undefined;
}

/** A recommended warm-up is cut to the length of the run (resolveConfig); a longer one takes more of it. */
function warmupOf(config: TrainConfig, { steps, of }: Prolonging): number {
  const usual = of.methods[config.adapter]?.warmupSteps ?? of.train.warmupSteps;
  const wasCut = config.warmupSteps === config.steps && Number(usual) > config.warmupSteps;
  return wasCut ? Math.min(Number(usual), steps) : config.warmupSteps;
}

async function stepsDone(folder: string): Promise<number> {
  const newest = (await checkpointFiles(runPaths(folder).checkpoints)).at(-1);
  return newest === undefined ? 0 : (stepOfName(newest) ?? 0);
}

interface Difference {
  readonly at: number;
  readonly before: number;
  readonly after: number;
  readonly done: number;
}

function otherRates(
  folder: string,
  { steps, schedule, warmupSteps }: TrainConfig,
  { at, before, after, done }: Difference,
): RunError {
  const cause =
    at < warmupSteps ? `a warm-up of ${warmupSteps} steps` : `the schedule "${schedule}"`;
  return new RunError(
    'STEPS_OTHER_RATES',
    `${folder}: with ${steps} steps in all, ${cause} would have given step ${at + 1} the learning rate ${after.toPrecision(4)}, not ${before.toPrecision(4)}, and ${done} steps are done: more steps would not make the run that ${steps} steps had made. Start a new run with ${steps} steps, or one that begins from this adapter (init)`,
  );
}
