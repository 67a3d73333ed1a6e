import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type AdapterName,
  configureAdapter,
  initialTensors,
  adapters as methods,
  parameterName,
  placeAdapter,
} from '../adapters/index.ts';
import { TorchGenerator } from '../base/torch-random.ts';
import { chooseSites } from '../nn/index.ts';
import { latentShape } from '../pipeline/autoencoder.ts';
import { type BaseModel, openBaseModel } from '../pipeline/base-model.ts';
import { conditioningOf, uncropped } from '../pipeline/conditioning.ts';
import { Denoiser } from '../pipeline/denoiser.ts';
import { withNewTokens } from '../pipeline/new-tokens.ts';
import { makeRandomModel } from '../pipeline/random-model.ts';
import { baseSites, prepareAdapters, readSiteWeights } from '../pipeline/site-weights.ts';
import { TextEncoder } from '../pipeline/text-encoder.ts';
import { drawNormal } from '../pipeline/text-to-image.ts';
import { relativeL2 } from '../tensor/linear-algebra.ts';
import { concatenated, elementCount, float32, reshaped, type Tensor } from '../tensor/tensor.ts';
import { mergeCheckpoint } from './merge-checkpoint.ts';
import type { MergedAdapter } from './metadata.ts';

const folder = await mkdtemp(join(tmpdir(), 'krona-merge-'));
afterAll(() => rm(folder, { recursive: true }));

const xlFolder = join(folder, 'xl');
await makeRandomModel({ family: 'sdxl', size: 'tiny', out: xlFolder, seed: 1, dtype: 'f32' });
const bases = { pocket: await openBaseModel('pocket'), xl: await openBaseModel(xlFolder) };
const size = { width: 64, height: 64 };

interface Trained {
  readonly method: AdapterName;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly targets: readonly string[];
  readonly strength?: number;
}

/** An adapter some way from where its training would start. */
async function trained(
  base: BaseModel,
  { method, options = {}, targets, strength = 1 }: Trained,
  seed = 1,
): Promise<MergedAdapter> {
  const random = new TorchGenerator(seed);
  const adapter = configureAdapter(method, options);
  const sites = chooseSites(baseSites(base), targets, adapter.kinds);
  const placed = [placeAdapter(adapter, sites)];
  const weights = await readSiteWeights(base, placed);
  const starts = initialTensors({ adapter, sites }, random, weights);
  const tensors = sites.flatMap((site) =>
    adapter.parameters(site).map(({ name, shape }) => {
      const full = parameterName(site, name);
      const start = starts.get(full)?.data ?? [];
      const values = random.randn(elementCount(shape)).map((x, i) => 0.05 * x + (start[i] ?? 0));
      return [full, float32(shape, values)] as const;
    }),
  );
  const file = `${method}.safetensors`;
  return { file, placed, tensors: new Map(tensors), strength };
}

/** What the model makes of a prompt, and what its UNet predicts then. */
async function outputs(
  base: BaseModel,
  adapters: readonly MergedAdapter[],
  prompt: string,
): Promise<Tensor<'f32'>> {
  const prepared: MergedAdapter[] = [];
  for (const each of adapters) {
    prepared.push({ ...each, placed: await prepareAdapters(base, each.placed) });
  }
  const adapted = withNewTokens(base, prepared);
  await using encoder = await TextEncoder.open(adapted, prepared);
  const encoded = await encoder.encode(prompt);
  const texts = conditioningOf(base, encoded, { framing: uncropped(size), score: 6 });
  const guidance = { scale: 1 };
  await using denoiser = await Denoiser.open(base, {
    size,
    batch: 1,
    guidance,
    adapters: prepared,
  });
  const noise = drawNormal(new TorchGenerator(3), latentShape(base, size));
  const predicted = await denoiser.predict(noise, 500, { prompt: texts, negative: texts });
  return concatenated([predicted, encoded.states].map(flat));
}

function flat(value: Tensor<'f32'>): Tensor<'f32'> {
  return reshaped(value, [elementCount(value.shape)]);
}

const cases: readonly Trained[] = [
  { method: 'krona', options: { a1: 4, a2: 8 }, targets: ['attention', 'text-encoder'] },
  { method: 'lora', options: { rank: 3, alpha: 6 }, targets: ['attention', 'conv1', 'mlp.fc*'] },
  { method: 'lora', options: { rank: 2, dora: true }, targets: ['attn2.*'], strength: 0.5 },
  { method: 'lokr', options: { rank: 1, factor: 4 }, targets: ['attention', 'conv2'] },
  { method: 'loha', options: { rank: 2 }, targets: ['attention', 'text-encoder'], strength: -0.7 },
  { method: 'oft', options: { blockSize: 8 }, targets: ['attention'] },
  { method: 'svdiff', targets: ['attn1.to_q', 'conv_shortcut'], strength: 1.5 },
  { method: 'custom-diffusion', targets: ['attn2.to_k', 'attn2.to_v'] },
  { method: 'dreambooth', targets: ['unet', 'text_encoder.*'] },
  {
    method: 'textual-inversion',
    options: { token: '<it>', vectors: 3 },
    targets: ['token_embedding'],
  },
];

test('every method is merged below', () => {
  expect([...new Set(cases.map(({ method }) => method))].sort()).toEqual(
    Object.keys(methods).sort(),
  );
});

describe.each(['pocket', 'xl'] as const)('merged into a folder, %s', (name) => {
  const base = bases[name];
  test.each(cases)('$method $options on $targets at $strength computes the same', async (given) => {
    const adapter = await trained(base, given);
    const out = join(folder, `${name}-${JSON.stringify([given.method, given.options])}`);
    const { changed } = await mergeCheckpoint({ base, adapters: [adapter], out, dtype: 'f32' });
    expect(changed.size).toBe(adapter.placed.flatMap(({ sites }) => sites).length);
    const prompt = 'a photo of <it>';
    const expected = await outputs(base, [adapter], prompt);
    const merged = await openBaseModel(out);
    const found = await outputs(merged, [], prompt);
    console.log(
      given.method,
      relativeL2(found, expected),
      relativeL2(await outputs(base, [], prompt), expected),
    );
    expect(relativeL2(found, expected)).toBeLessThan(1e-5);
  });
});
