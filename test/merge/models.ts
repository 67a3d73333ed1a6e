/** @file Adapters with numbers everywhere, and what a model computes with them or with them merged. */
import {
  type AdapterName,
  configureAdapter,
  initialTensors,
  parameterName,
  placeAdapter,
} from '../../src/adapters/index.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import type { MergedAdapter } from '../../src/merge/metadata.ts';
import { chooseSites } from '../../src/nn/index.ts';
import { prepareAdapters } from '../../src/pipeline/adapters/site-constants.ts';
import { baseSites, readSiteWeights } from '../../src/pipeline/adapters/site-weights.ts';
import type { BaseModel } from '../../src/pipeline/base/base-model.ts';
import { latentShape } from '../../src/pipeline/draw/autoencoder.ts';
import { Denoiser } from '../../src/pipeline/draw/denoiser.ts';
import { conditioningOf, uncropped } from '../../src/pipeline/text/conditioning.ts';
import { withNewTokens } from '../../src/pipeline/text/new-tokens.ts';
import { TextEncoder } from '../../src/pipeline/text/text-encoder.ts';
import {
  concatenated,
  drawNormal,
  elementCount,
  float32,
  reshaped,
  type Tensor,
} from '../../src/tensor/tensor.ts';

export interface Trained {
  readonly method: AdapterName;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly targets: readonly string[];
  readonly strength?: number;
}

/** An adapter some way from where its training would start. */
export async function trained(
  base: BaseModel,
  { method, options = {}, targets, strength = 1 }: Trained,
  seed = 1,
): Promise<MergedAdapter> {
  const random = new TorchGenerator(seed);
  const adapter = configureAdapter(method, options);
  const sites = chooseSites(baseSites(base), targets, adapter.kinds);
  const placed = [placeAdapter(adapter, sites)];
  const starts = initialTensors({ adapter, sites }, random, await readSiteWeights(base, placed));
  const tensors = sites.flatMap((site) =>
    adapter.parameters(site).map(({ name, shape }) => {
      const full = parameterName(site, name);
      const start = starts.get(full)?.data ?? [];
      const values = random.randn(elementCount(shape)).map((x, i) => 0.05 * x + (start[i] ?? 0));
      return [full, float32(shape, values)] as const;
    }),
  );
  return { file: `${method}.safetensors`, placed, tensors: new Map(tensors), strength };
}

const size = { width: 64, height: 64 };

/** What the UNet predicts of noise for a prompt, and the prompt's states. */
export async function outputs(
  base: BaseModel,
  adapters: readonly MergedAdapter[] = [],
  prompt = 'a photo of <it> and a <subject>',
): Promise<Tensor<'f32'>> {
  const prepared: MergedAdapter[] = [];
  for (const each of adapters) {
    prepared.push({ ...each, placed: await prepareAdapters(base, each.placed) });
  }
  await using encoder = await TextEncoder.open(withNewTokens(base, prepared), prepared);
  const encoded = await encoder.encode(prompt);
  const texts = conditioningOf(base, encoded, { framing: uncropped(size), score: 6 });
  const options = { size, batch: 1, guidance: { scale: 1 }, adapters: prepared };
  await using denoiser = await Denoiser.open(base, options);
  const noise = drawNormal(new TorchGenerator(3), latentShape(base, size));
  const predicted = await denoiser.predict(noise, 500, { prompt: texts, negative: texts });
  return concatenated([flat(predicted), flat(encoded.states)]);
}

function flat(value: Tensor<'f32'>): Tensor<'f32'> {
  return reshaped(value, [elementCount(value.shape)]);
}
