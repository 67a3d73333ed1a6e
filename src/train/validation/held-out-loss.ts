/** @file The mean loss on held-out pictures, of a model as it is trained and of its base. */
import { grouped } from '../../base/grouped.ts';
import { required } from '../../base/required.ts';
import type { NamedTensors } from '../../optim/optimizer.ts';
import { fixedHook } from '../../pipeline/adapters/trained-adapter.ts';
import { placeOf } from '../../pipeline/base/base-model.ts';
import { openNetwork } from '../../pipeline/network/open-network.ts';
import { withoutDropout } from '../adapter/dropout.ts';
import type { Batch } from '../pictures/batches.ts';
import { lossFeeds, lossTrace, type StepProgram, stepWeights } from '../step-program.ts';
import type { TrainPlan } from '../training-plan.ts';
import { joinedSamples } from './fixed-samples.ts';

interface Measuring {
  readonly plan: TrainPlan;
  /** Of one each. */
  readonly samples: readonly Batch[];
  readonly parameters: NamedTensors;
  readonly signal: AbortSignal;
}

/**
 * The mean loss of samples, by the program that trains: no memory beyond it, and the gradients of a step for nothing.
 *
 * @returns undefined where the signal came first
 */
export async function trainedLoss(
  program: Pick<StepProgram, 'run'>,
  { plan, samples, parameters, signal }: Measuring,
): Promise<number | undefined> {
  const [size = 1] = plan.sampleShape;
  const dropout = withoutDropout(plan.placed);
  let sum = 0;
  for (const ofShape of bySize(samples)) {
    for (let start = 0; start < ofShape.length; start += size) {
      if (signal.aborted) return undefined;
      const own = ofShape.slice(start, start + size);
      // A program takes batches of one size: the last is filled up, and what fills it not counted.
      const filling = Array.from({ length: size - own.length }, () => required(own, 0));
      const batch = { ...joinedSamples([...own, ...filling]), dropout };
      const { perSample } = await program.run(batch, parameters);
      sum += perSample.data.slice(0, own.length).reduce((total, loss) => total + loss, 0);
    }
  }
  return sum / samples.length;
}

/**
 * The mean loss of samples without the adapter, forward alone. A new word is there, as it starts: no base knows it.
 *
 * @returns undefined where the signal came first
 */
export async function baseLoss({
  plan,
  samples,
  parameters,
  signal,
}: Measuring): Promise<number | undefined> {
  const { base, placed, texts, loss, isMasked } = plan;
  const words = placed.filter(({ adapter }) => adapter.newTokens.length > 0);
  let sum = 0;
  for (const ofShape of bySize(samples)) {
    const sampleShape = required(ofShape, 0).sample.shape;
    const trace = lossTrace(base, { placed, sampleShape, texts, loss, isMasked });
    await using network = await openNetwork(
      stepWeights(base, placed),
      (graph, root) => ({ perSample: trace(graph, root).perSample }),
      {
        hook: (graph) =>
          fixedHook(graph, words.length === 0 ? [] : [{ placed: words, tensors: parameters }]),
        ...placeOf(base),
      },
    );
    for (const sample of ofShape) {
      if (signal.aborted) return undefined;
      const results = await network.run(lossFeeds(base, sample, texts));
      sum += required(results.get('perSample').data, 0);
    }
  }
  return sum / samples.length;
}

function bySize(samples: readonly Batch[]): readonly (readonly Batch[])[] {
  return [...grouped(samples, ({ sample }) => sample.shape.join(' x ')).values()];
}
