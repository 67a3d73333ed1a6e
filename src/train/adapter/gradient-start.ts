/** @file Parameters that start from the mean gradients of the first batches, where a method asks for it. */
import { parameterName, type SiteTensors } from '../../adapters/index.ts';
import { invariant } from '../../base/errors.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import type { Site } from '../../nn/index.ts';
import { globalNorm } from '../../optim/clipping.ts';
import type { NamedTensors } from '../../optim/optimizer.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { TrainState } from '../folder/checkpoint.ts';
import type { Report } from '../folder/logs/run-log.ts';
import { type Batch, type BatchSettings, BatchSource } from '../pictures/batches.ts';
import type { StepProgram } from '../step-program.ts';
import { addScaled, requireFinite } from '../trainer.ts';
import type { TrainPlan } from '../training-plan.ts';
import { withoutDropout } from './dropout.ts';
import { freshMemory } from './initial-state.ts';

export interface FirstGradients {
  readonly program: Pick<StepProgram, 'run'>;
  /** Of the batches, which the training draws again. */
  readonly settings: BatchSettings;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/**
 * Puts parameters at their start, in place, from gradients of the same step program that trains: no memory beyond it. The
 * generator of the run stays where it is. Until it is done nothing changes, so that a run that is ended before its first
 * checkpoint begins anew, with the same numbers.
 *
 * @returns whether it was done; false where the signal came first
 * @throws RunError LOSS_NOT_FINITE
 */
export async function startFromGradients(
  plan: TrainPlan,
  state: TrainState,
  { program, settings, signal, report }: FirstGradients,
): Promise<boolean> {
  const starting = plan.placed.flatMap(({ adapter, sites }) =>
    adapter.gradientStart === undefined ? [] : [{ adapter, sites, rule: adapter.gradientStart }],
  );
  const [first] = starting;
  if (first === undefined) return true;
  const { batches: count, rounds } = first.rule;
  const batches = firstBatches(settings, state, count);
  const phase = 'taking gradients';
  await report({ type: 'phase', phase });
  const works = starting.flatMap(({ adapter, sites, rule }) =>
    sites.map((site) => {
      const names = adapter.parameters(site).map(({ name }) => name);
      const work = rule.compute(site, tensorsAt(site, names, state.parameters));
      return { site, names, work, step: work.next() };
    }),
  );
  let done = 0;
  while (works.some(({ step }) => !step.done)) {
    const asked = works.flatMap(({ site, step }) => namedAt(site, step.value));
    const values = new Map([...state.parameters, ...asked]);
    const means = new Map<string, Tensor<'f32'>>();
    for (const batch of batches) {
      if (signal.aborted) return false;
      const { loss, gradients } = await program.run(batch, values);
      addScaled(means, gradients, 1 / count);
      requireFinite({ loss, gradientNorm: globalNorm(means) }, { step: 1, saved: 0 });
      done += 1;
      await report({ type: 'progress', phase, done, total: rounds * count });
    }
    for (const each of works) each.step = each.work.next(tensorsAt(each.site, each.names, means));
  }
  for (const { site, step } of works) {
    for (const [name, value] of namedAt(site, step.value)) {
      const parameter = state.parameters.get(name);
      invariant(parameter !== undefined, `a start of ${name}, which is no parameter`);
      parameter.data.set(value.data);
    }
  }
  Object.assign(state, freshMemory(plan, state.parameters));
  return true;
}

/** The batches that the training begins with, at every site. */
function firstBatches(
  settings: BatchSettings,
  { generator, order }: TrainState,
  count: number,
): readonly Batch[] {
  const copy = TorchGenerator.fromState(generator.state());
  const source = new BatchSource(settings, copy, order);
  const dropout = withoutDropout(settings.placed);
  return Array.from({ length: count }, () => ({ ...source.next(), dropout }));
}

/** The tensors of a site by the names of its parameters. */
function tensorsAt(site: Site, names: readonly string[], tensors: NamedTensors): SiteTensors {
  return Object.fromEntries(
    names.map((name) => {
      const found = tensors.get(parameterName(site, name));
      invariant(found !== undefined, `${site.name} has no ${name}`);
      return [name, found];
    }),
  );
}

function namedAt(site: Site, own: SiteTensors): readonly (readonly [string, Tensor<'f32'>])[] {
  return Object.entries(own).map(([name, value]) => [parameterName(site, name), value]);
}
