/** @file A training step: forward and backward of the UNet with KronA on all attention matrices, batch and noise given. */
import { initialTensors } from '../src/adapters/index.ts';
import { TorchGenerator } from '../src/base/torch-random.ts';
import { openBaseModel } from '../src/pipeline/base/open-base.ts';
import { elementCount, float32, type Shape } from '../src/tensor/tensor.ts';
import { resolveConfig } from '../src/train/resolve-options.ts';
import { StepProgram } from '../src/train/step-program.ts';
import { planTraining } from '../src/train/training-plan.ts';
import { randomConditioning } from './conditioning.ts';
import type { OpenSubject } from './options.ts';

/** The step that `krona train` takes with its default settings. */
export const openStep: OpenSubject = async ({ base: name, resolution, batch, memory }, profile) => {
  const base = await openBaseModel(name);
  const config = resolveConfig(
    {
      base: name,
      images: 'pictures',
      subject: 'sks dog',
      out: 'run',
      resolution,
      batchSize: batch,
      memory,
    },
    base.recommendation,
  );
  const plan = planTraining(config, base);
  const { placed, sampleShape } = plan;
  const program = await StepProgram.open(base, {
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
