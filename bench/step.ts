/** @file A training step: forward and backward of the UNet with KronA on all attention matrices, batch and noise given. */
import { initialTensors } from '../src/adapters/index.ts';
import { TorchGenerator } from '../src/base/torch-random.ts';
import type { BaseModel } from '../src/pipeline/base/base-model.ts';
import { openBaseModel } from '../src/pipeline/base/open-base.ts';
import { withStoredPrecision } from '../src/pipeline/precision/stored-precision.ts';
import { elementCount, float32, type Shape } from '../src/tensor/tensor.ts';
import { resolveConfig } from '../src/train/resolve-options.ts';
import { StepProgram } from '../src/train/step-program.ts';
import { planTraining, type TrainPlan } from '../src/train/training-plan.ts';
import { randomConditioning } from './conditioning.ts';
import type { BenchOptions, OpenSubject } from './options.ts';

/** The step that `krona train` takes with its default settings. */
export const openStep: OpenSubject = async (options, profile) => {
  const base = await openBaseModel(options.base);
  const plan = stepPlan(base, options);
  const { placed, sampleShape } = plan;
  const { batch } = options;
  const program = await StepProgram.open(await withStoredPrecision(plan.base), {
    ...plan,
    ...(profile === undefined ? {} : { profile }),
  });
  const random = new TorchGenerator(0);
  const normal = (shape: Shape) => float32(shape, random.randn(elementCount(shape)));
  const given = {
    sample: normal(sampleShape),
    target: normal(sampleShape),
    timesteps: new Int32Array(batch).fill(500),
    conditioning: randomConditioning(base, batch, normal),
    weights: float32([batch], new Float32Array(batch).fill(1 / batch)),
  };
  const parameters = new Map(placed.flatMap((each) => [...initialTensors(each, random)]));
  return {
    flops: program.flops,
    run: async () => {
      const { loss } = await program.run(given, parameters);
      if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}`);
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
};

/** What `krona train` would do. */
export function stepPlan(
  base: BaseModel,
  { base: name, resolution, batch, memory, basePrecision, targets, adapterOptions }: BenchOptions,
): TrainPlan {
  const options = {
    base: name,
    images: 'pictures',
    subject: 'sks dog',
    out: 'run',
    resolution,
    batchSize: batch,
    memory,
    basePrecision,
    ...(targets && { targets: [...targets] }),
    ...(adapterOptions && { adapterOptions }),
  };
  return planTraining(resolveConfig(options, base.recommendation), base);
}
