/** @file Adapters on a UNet: output, loss and gradients with given factors, and a short training of KronA. */
import * as z from 'zod';
import type { PlacedAdapter } from '../../../../src/adapters/index.ts';
import { traceUNet } from '../../../../src/models/unet/sites.ts';
import { adamw } from '../../../../src/optim/adamw.ts';
import { clipGradients } from '../../../../src/optim/clipping.ts';
import { float32, type Tensor } from '../../../../src/tensor/tensor.ts';
import type { Check } from '../../check.ts';
import {
  adapterTensors,
  type Computation,
  compareResults,
  fixtureName,
  gradientOutputs,
  OpenComputation,
  placeAdapter,
  resultOf,
  squaredErrors,
} from '../../network.ts';
import { callUNet, unetFeeds } from '../../unet-call.ts';
import type { UNetFixture } from '../models/unet.ts';

const trainingSchema = z.looseObject({
  steps: z.int(),
  optimizer: z.literal('torch.optim.AdamW'),
  lr: z.number(),
  betas: z.tuple([z.number(), z.number()]),
  eps: z.number(),
  weight_decay: z.number(),
  clip_grad_norm: z.number(),
});

const loraSchema = z.looseObject({ rank: z.int(), alpha: z.number() });

/** Output, loss and every gradient with the fixture's factors on all attention projections, and KronA's training. */
export async function checkUNetAdapter(
  fixture: UNetFixture,
  method: 'krona' | 'lora',
): Promise<Check[]> {
  const { tensors, toleranceOf } = fixture;
  const placed = placedAdapter(fixture, method);
  if (placed === undefined) return [];
  const values = adapterTensors(tensors, `${method}_`);
  const computation = adaptedStep(fixture, method, placed);
  await using step = await OpenComputation.open(computation);
  const results = await step.run(computation.feeds, values);
  const checks = compareResults(results, tensors, toleranceOf);
  return method === 'krona'
    ? [...checks, ...(await checkKronaTraining(fixture, { computation, step }))]
    : checks;
}

interface OpenStep {
  readonly computation: Computation;
  readonly step: OpenComputation;
}

/** The losses, norms and factors of the fixture's optimiser steps, all on the one batch. */
async function checkKronaTraining(
  { json, tensors, toleranceOf }: UNetFixture,
  { computation, step }: OpenStep,
): Promise<Check[]> {
  if (json.krona_train === undefined) return [];
  const training = trainingSchema.parse(json.krona_train);
  const { betas, eps: epsilon, weight_decay: weightDecay, lr, steps } = training;
  const optimizer = adamw({ beta1: betas[0], beta2: betas[1], epsilon, weightDecay });
  const parameters = copies(adapterTensors(tensors, 'krona_'));
  const state = optimizer.init(parameters);
  const losses: number[] = [];
  const norms: number[] = [];
  for (let i = 0; i < steps; i++) {
    const results = await step.run(computation.feeds, parameters);
    const gradientOf = (name: string) => resultOf(results, fixtureName('krona_grad_', name));
    const gradients = copies(
      new Map([...parameters.keys()].map((name) => [name, gradientOf(name)])),
    );
    losses.push(resultOf(results, 'krona_output/loss').data[0] ?? Number.NaN);
    norms.push(clipGradients(gradients, training.clip_grad_norm));
    optimizer.update(parameters, gradients, state, lr);
  }
  const trained = [...parameters].map(
    ([name, tensor]) => [fixtureName('krona_train_', name), tensor] as const,
  );
  const results = new Map([
    ['krona_train/losses', float32([steps], losses)],
    ['krona_train/grad_norms_before_clip', float32([steps], norms)],
    ...trained,
  ]);
  return compareResults(results, tensors, toleranceOf);
}

function placedAdapter(
  { json, unet }: UNetFixture,
  method: 'krona' | 'lora',
): PlacedAdapter | undefined {
  const stated = json[method];
  if (stated === undefined) return undefined;
  const { sites } = traceUNet(unet.config);
  if (method === 'krona') return placeAdapter(sites, method, stated);
  const { rank, alpha } = loraSchema.parse(stated);
  return placeAdapter(sites, method, { rank, alpha });
}

/** Output, loss and the gradients of all of an adapter's parameters. */
function adaptedStep(
  { tensors, unet }: UNetFixture,
  method: string,
  adapter: PlacedAdapter,
): Computation {
  return {
    weights: unet.weights,
    adapter,
    feeds: { ...unetFeeds(unet, tensors, 'input/'), target: tensors.float32('input/target') },
    trace: ({ scope, input, parameters }) => {
      const output = callUNet(scope, unet, input);
      const { all: loss } = squaredErrors(output, input('target'));
      const wrt = [...parameters()].map(
        ([name, value]) => [fixtureName(`${method}_grad_`, name), value] as const,
      );
      return {
        [`${method}_output/sample`]: output,
        [`${method}_output/loss`]: loss,
        ...gradientOutputs(loss, new Map(wrt)),
      };
    },
  };
}

/** Tensors of their own memory, for what works in place. */
function copies(tensors: ReadonlyMap<string, Tensor<'f32'>>): Map<string, Tensor<'f32'>> {
  return new Map(
    [...tensors].map(([name, { shape, data }]) => [name, float32(shape, data)] as const),
  );
}
