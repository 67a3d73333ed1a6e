/** @file An autoencoder: moments, a sample with given noise, decoded pictures, module traces. */
import * as z from 'zod';
import { combination } from '../../../../src/diffusion/combination.ts';
import { exp, multiply, slice } from '../../../../src/graph/index.ts';
import { decode, encode } from '../../../../src/models/vae/vae.ts';
import { openVae } from '../../../../src/pipeline/base/open-base.ts';
import { float32, type Tensor } from '../../../../src/tensor/tensor.ts';
import { advised } from '../../advice.ts';
import type { Check } from '../../check.ts';
import { type FixtureTensors, readFixtureTensors } from '../../fixture.ts';
import {
  compareResults,
  compute,
  type Results,
  resultOf,
  traceOutputs,
  unchecked,
} from '../../network.ts';

const fixtureSchema = z.looseObject({ tolerance: z.string().default('') });

/** Compares everything of a fixture of an AutoencoderKL. */
export async function checkVae(folder: string, fixture: unknown): Promise<Check[]> {
  const advice = fixtureSchema.parse(fixture).tolerance;
  // Without advice: float32 through some thirty convolutions.
  const tolerance = advised(advice, '', { relative: 1e-4 });
  const tensors = await readFixtureTensors(folder);
  const part = await openVae(folder);
  const { config, weights } = part;
  const encoded = await compute({
    weights,
    feeds: { image: tensors.float32('input/image') },
    trace: ({ scope, input }) => {
      const moments = encode(scope, config, input('image'));
      const { latentChannels } = config;
      const logvar = slice(moments, 1, latentChannels, 2 * latentChannels);
      return {
        'encode/mean': slice(moments, 1, 0, latentChannels),
        'encode/logvar': logvar,
        'encode/std': exp(multiply(logvar, 0.5)),
        ...traceOutputs(scope.graph, tensors),
      };
    },
  });
  const results: Results = new Map([
    ...encoded,
    ...drawn(encoded, tensors, config.scalingFactor),
    ...(await decodings(tensors, part)),
  ]);
  const checks = compareResults(results, tensors, () => tolerance);
  return [...checks, ...unchecked(tensors, checks, /^input\//)];
}

/** mean + std · noise, and the same scaled. */
function drawn(encoded: Results, tensors: FixtureTensors, scalingFactor: number): Results {
  const mean = resultOf(encoded, 'encode/mean');
  const deviation = resultOf(encoded, 'encode/std');
  const noise = tensors.float32('input/noise');
  const spread = float32(
    noise.shape,
    noise.data.map((value, i) => value * (deviation.data[i] ?? Number.NaN)),
  );
  const sample = combination([1, mean], [1, spread]);
  return new Map([
    ['encode/sample', sample],
    ['encode/scaled_latents', combination([scalingFactor, sample])],
  ]);
}

async function decodings(
  tensors: FixtureTensors,
  { config, weights }: Awaited<ReturnType<typeof openVae>>,
): Promise<Results> {
  const decoded = async (latents: Tensor<'f32'>, name: string, traced: boolean) =>
    await compute({
      weights,
      feeds: { latents },
      trace: ({ scope, input }) => ({
        [name]: decode(scope, config, input('latents')),
        ...(traced ? traceOutputs(scope.graph, tensors) : {}),
      }),
    });
  const scaled = combination([1 / config.scalingFactor, tensors.float32('input/latents')]);
  return new Map([
    ...(await decoded(scaled, 'decode/of_input_latents', true)),
    ...(await decoded(tensors.float32('encode/mean'), 'decode/of_mean', false)),
  ]);
}
