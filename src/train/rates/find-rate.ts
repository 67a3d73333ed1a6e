/** @file A search for a learning rate: some steps at rising ones, the loss measured on the same noise after each. */
import { optionHint } from '../../adapters/index.ts';
import { ConfigError, RunError } from '../../base/errors.ts';
import type { Listener } from '../../base/listener.ts';
import { parseSettings } from '../../base/settings/parse-settings.ts';
import { clipGradients } from '../../optim/clipping.ts';
import { optimizers } from '../../optim/optimizers.ts';
import { withRates } from '../../optim/parameter-groups.ts';
import { textLength } from '../../pipeline/base/base-model.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { requireNewFile } from '../../storage/files/new-path.ts';
import { withTemporaryFiles } from '../../storage/files/temporary-folder.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import { startFromGradients } from '../adapter/gradient-start.ts';
import { initialState } from '../adapter/initial-state.ts';
import type { TrainEvent } from '../events.ts';
import { runPaths } from '../folder/run-folder.ts';
import { type Batch, BatchSource } from '../pictures/batches.ts';
import { openDataset } from '../pictures/open-dataset.ts';
import { loadAll } from '../pictures/run-pictures.ts';
import { StepPrograms } from '../sized-steps.ts';
import { plannedStart } from '../start/planned-start.ts';
import { prepared, withTexts } from '../start/prepared-plan.ts';
import { requireStep } from '../step-memory.ts';
import { textFormOf } from '../texts/described-pictures.ts';
import { formOfDataset } from '../texts/text-form.ts';
import { meanGradients, only } from '../trainer.ts';
import type { TrainPlan } from '../training-plan.ts';
import { fixedSamples } from '../validation/fixed-samples.ts';
import { openHeldOut, requireHeldOutTexts } from '../validation/held-out.ts';
import { trainedLoss } from '../validation/held-out-loss.ts';
import { type FindRateOptions, findRateSchema } from './find-rate-options.ts';
import { rateCurve } from './rate-curve.ts';
import { type RatePoint, type SuggestedRates, suggestedRates } from './suggested-rate.ts';

/** How far a search is: of its own steps, and of what comes before them. */
export type FindRateEvent =
  | (RatePoint & { readonly type: 'rate'; readonly step: number; readonly steps: number })
  | Extract<TrainEvent, { readonly type: 'phase' | 'progress' }>;

export interface FindRateHost {
  readonly listener?: Listener<FindRateEvent> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since 1970 began. */
  readonly now: () => number;
  readonly hub?: HubHost;
}

/** What a search found. */
export interface FoundRate {
  /** The loss after each step, at a larger rate each. */
  readonly points: readonly RatePoint[];
  /** Before the first step. */
  readonly startLoss: number;
  /** Whether the loss grew so far that larger rates were not tried. */
  readonly diverged: boolean;
  /** Undefined where the loss did not fall. */
  readonly suggested: SuggestedRates | undefined;
}

/** A loss of so many times the least so far is of no use any more. */
const divergence = 4;

/**
 * Tries learning rates that rise from step to step, and measures the loss on the same noise at the same timesteps after each:
 * on held-out pictures where there are any, else on those of the training. Nothing is written but the curve.
 *
 * @throws KronaError as startRun; ConfigError RATE_RANGE, OUT_EXISTS; RunError LOSS_NOT_FINITE; the signal's reason
 */
export async function findRate(options: FindRateOptions, host: FindRateHost): Promise<FoundRate> {
  const checks = { given: options, hintFor: optionHint };
  const search = parseSettings(findRateSchema, checks, 'finding a learning rate');
  const { steps: _, lowest, highest, samples: __, out, ...training } = options;
  if (search.lowest >= search.highest) {
    throw new ConfigError(
      'RATE_RANGE',
      `lowest (${search.lowest}) and highest (${search.highest}): expected the first to be the smaller`,
    );
  }
  if (out !== undefined) await requireNewFile(out, '.svg');
  const found = await withTemporaryFiles(new Map(), async (folder) => {
    const { plan } = await plannedStart({ ...training, out: folder }, host.hub);
    requireStep(plan);
    return await tried(plan, search, host);
  });
  if (out !== undefined) await writeFileAtomic(out, rateCurve(found.points));
  return found;
}

interface Search {
  readonly steps: number;
  readonly lowest: number;
  readonly highest: number;
  readonly samples: number;
}

async function tried(planned: TrainPlan, search: Search, host: FindRateHost): Promise<FoundRate> {
  const { signal = new AbortController().signal, now } = host;
  const report = async (event: TrainEvent) => {
    if (event.type === 'phase' || event.type === 'progress') host.listener?.(event);
    signal.throwIfAborted();
  };
  const pictures = await loadAll(planned);
  requireHeldOutTexts(planned, pictures, textFormOf(planned, pictures));
  const state = await initialState(planned, async () => pictures);
  const ready = await prepared(planned, host, { signal, report });
  const paths = runPaths(planned.config.out);
  const source = { paths, pictures, report, signal, encodedFolder: undefined };
  const { dataset } = await openDataset(ready, source);
  const texts = formOfDataset(dataset, textLength(ready.base));
  const plan = withTexts(ready, texts);
  const { heldOut } = await openHeldOut(plan, source, texts);
  const others = heldOut.length === 0 ? [dataset.subject] : heldOut;
  const fixed = others.flatMap((each) => fixedSamples(plan, each));
  const samples = spread(fixed, search.samples);
  const { config, base, schedule, placed, predictionType, trained } = plan;
  const settings = { ...config, base, placed, dataset, schedule, predictionType };
  const batches = new BatchSource(settings, state.generator, state.order);
  await report({ type: 'phase', phase: 'compiling' });
  await using program = new StepPrograms(base, plan);
  await program.open(batches.sampleShapes);
  await startFromGradients(plan, state, { program, settings, signal, report });
  const optimizer = withRates(optimizers[config.optimizer](config), plan.rateFactors);
  const measured = async () => {
    const { parameters } = state;
    const loss = await trainedLoss(program, { plan, samples, parameters, signal });
    signal.throwIfAborted();
    return loss ?? Number.NaN;
  };
  const startLoss = await measured();
  const points: RatePoint[] = [];
  const factor = (search.highest / search.lowest) ** (1 / (search.steps - 1));
  let least = startLoss;
  for (let i = 0; i < search.steps; i++) {
    const learningRate = search.lowest * factor ** i;
    const { gradients } = await meanGradients({ config, state, trained, program, batches, now });
    if (!Number.isFinite(clipGradients(gradients, config.clipNorm))) break;
    optimizer.update(only(state.parameters, trained), gradients, state.optimizer, learningRate);
    const loss = await measured();
    if (!Number.isFinite(loss)) break;
    points.push({ learningRate, loss });
    host.listener?.({ type: 'rate', step: i + 1, steps: search.steps, learningRate, loss });
    if (loss > divergence * least) break;
    least = Math.min(least, loss);
  }
  if (points.length < 2) {
    throw new RunError(
      'LOSS_NOT_FINITE',
      `lowest (${search.lowest}): the loss grew beyond use at the first rates already; begin with a lower one, a thousandth of it, say`,
    );
  }
  const diverged = points.length < search.steps;
  return { points, startLoss, diverged, suggested: suggestedRates(points) };
}

/** So many of the samples, evenly chosen, so that all timesteps are among them. */
function spread(samples: readonly Batch[], most: number): readonly Batch[] {
  const count = Math.min(most, samples.length);
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * samples.length) / count));
  return samples.filter((_, i) => chosen.includes(i));
}
