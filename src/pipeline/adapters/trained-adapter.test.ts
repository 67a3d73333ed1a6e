import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type AdapterTensors,
  configureAdapter,
  parameterName,
  placeAdapter,
} from '../../adapters/index.ts';
import { ConfigError } from '../../base/errors.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import { decodeSafetensors, encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { chooseSites } from '../../nn/index.ts';
import { drawNormal, elementCount, float32, type Tensor } from '../../tensor/tensor.ts';
import type { BaseModel } from '../base/base-model.ts';
import { openBaseModel } from '../base/open-base.ts';
import { latentShape } from '../draw/autoencoder.ts';
import { Denoiser, type GuidanceTexts } from '../draw/denoiser.ts';
import { makeRandomModel } from '../random/random-model.ts';
import { conditioningOf, uncropped } from '../text/conditioning.ts';
import { withNewTokens } from '../text/new-tokens.ts';
import { TextEncoder } from '../text/text-encoder.ts';
import { baseSites } from './site-weights.ts';
import type { TrainedAdapter } from './trained-adapter.ts';

const folder = await mkdtemp(join(tmpdir(), 'krona-adapters-'));
afterAll(() => rm(folder, { recursive: true }));

const plain = join(folder, 'plain');
await makeRandomModel({ family: 'sd15', size: 'tiny', out: plain, seed: 1, dtype: 'f32' });
const base = await openBaseModel(plain);
const size = { width: 64, height: 64 };
const sample = drawNormal(new TorchGenerator(3), latentShape(base, size));

/** An adapter with random numbers everywhere. */
function adapterOf(
  method: string,
  options: Readonly<Record<string, unknown>>,
  targets: readonly string[],
  seed: number,
): TrainedAdapter {
  const random = new TorchGenerator(seed);
  const adapter = configureAdapter(method, options);
  const sites = chooseSites(baseSites(base), targets, adapter.kinds);
  const tensors: AdapterTensors = new Map(
    sites.flatMap((site) =>
      adapter.parameters(site).map(({ name, shape }) => {
        const values = random.randn(elementCount(shape)).map((value) => value * 0.2);
        return [parameterName(site, name), float32(shape, values)] as const;
      }),
    ),
  );
  return { placed: [placeAdapter(adapter, sites)], tensors };
}

const krona = adapterOf('krona', { a1: 4, a2: 8 }, ['attention'], 1);
const lora = adapterOf('lora', { rank: 3, alpha: 6 }, ['attn2.to_*', 'ff.net.*'], 2);

async function encode(model: BaseModel, adapters: readonly TrainedAdapter[], prompt = 'a dog') {
  await using encoder = await TextEncoder.open(withNewTokens(model, adapters), adapters);
  return await encoder.encode(prompt);
}

const texts: GuidanceTexts = await (async () => {
  const encoded = await encode(base, []);
  const conditioning = conditioningOf(base, encoded, { framing: uncropped(size), score: 0 });
  return { prompt: conditioning, negative: conditioning };
})();

/** What the UNet predicts at timesteps of 1000. */
async function predictAt(
  timesteps: readonly number[],
  adapters: readonly TrainedAdapter[],
  model: BaseModel,
): Promise<readonly Float32Array[]> {
  const options = { size, batch: 1, guidance: { scale: 1 }, adapters };
  await using denoiser = await Denoiser.open(model, options);
  const predictions: Float32Array[] = [];
  for (const timestep of timesteps) {
    predictions.push((await denoiser.predict(sample, timestep, texts)).data);
  }
  return predictions;
}

async function predict(adapters: readonly TrainedAdapter[], model = base): Promise<Float32Array> {
  const [prediction] = await predictAt([500], adapters, model);
  if (prediction === undefined) throw new Error('no prediction');
  return prediction;
}

/** ‖a − b‖ / ‖b‖ */
function distance(a: Float32Array, b: Float32Array): number {
  const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));
  return norm(a.map((value, i) => value - (b[i] ?? 0))) / norm(b);
}

/** Float32 arithmetic in another order, through some thirty layers. */
const rounding = 1e-5;

/** ΔW by hand, in float64: [out, in]. */
function deltaByHand(
  { placed, tensors }: TrainedAdapter,
  module: string,
): Float64Array | undefined {
  const [each] = placed;
  const site = each?.sites.find(({ name }) => name === module);
  const [a, b] = [tensors.get(`${module}.A`), tensors.get(`${module}.B`)];
  if (site === undefined || a === undefined || b === undefined) return undefined;
  const at = ({ shape, data }: Tensor<'f32'>, i: number, j: number) =>
    data[i * (shape[1] ?? 0) + j] ?? 0;
  const [rows = 1, columns = 1] = b.shape;
  return Float64Array.from({ length: site.out * site.in }, (_, index) => {
    const [i, j] = [Math.floor(index / site.in), index % site.in];
    if (each?.adapter.method === 'krona') {
      return at(a, Math.floor(i / rows), Math.floor(j / columns)) * at(b, i % rows, j % columns);
    }
    // LoRA of rank 3 and alpha 6.
    return [0, 1, 2].reduce((sum, r) => sum + 2 * at(b, i, r) * at(a, r, j), 0);
  });
}

/** The base with adapters added to its weights. */
async function merged(
  name: string,
  part: 'unet' | 'text_encoder',
  adapters: readonly TrainedAdapter[],
): Promise<BaseModel> {
  const out = join(folder, name);
  await cp(plain, out, { recursive: true });
  const file = part === 'unet' ? 'diffusion_pytorch_model.safetensors' : 'model.safetensors';
  const path = join(out, part, file);
  const { tensors, metadata } = decodeSafetensors(await readFile(path), path);
  for (const [tensor, value] of tensors) {
    const module = `${part}.${tensor.replace(/\.weight$/, '')}`;
    const sum = Float64Array.from(value.data as Float32Array);
    for (const adapter of adapters) {
      const { strength = 1 } = adapter;
      for (const [i, delta] of deltaByHand(adapter, module)?.entries() ?? []) {
        sum[i] = (sum[i] ?? 0) + strength * delta;
      }
    }
    tensors.set(tensor, float32(value.shape, Float32Array.from(sum)));
  }
  await writeFile(path, encodeSafetensors([...tensors], metadata));
  return await openBaseModel(out);
}

const alone = await predict([]);
const withKrona = await predict([krona]);
const withLora = await predict([lora]);

describe('several adapters', () => {
  test('add up where they meet, each with its strength', async () => {
    const both = [
      { ...krona, strength: 0.8 },
      { ...lora, strength: -0.6 },
    ];
    const expected = await predict([], await merged('both', 'unet', both));
    expect(distance(await predict(both), expected)).toBeLessThan(rounding);
    expect(distance(expected, alone)).toBeGreaterThan(1e-2);
    for (const single of both) {
      expect(distance(await predict([single]), expected)).toBeGreaterThan(1e-2);
    }
  });

  test('do the same in any order', async () => {
    const there = await predict([krona, lora]);
    expect(distance(await predict([lora, krona]), there)).toBeLessThan(rounding);
  });

  test('add up in the text encoder too', async () => {
    const both = [
      adapterOf('krona', { a1: 4, a2: 8 }, ['text-encoder'], 3),
      adapterOf('lora', { rank: 3, alpha: 6 }, ['self_attn.q_proj', 'mlp.fc1'], 4),
    ];
    const expected = await encode(await merged('texts', 'text_encoder', both), []);
    const { states } = await encode(base, both);
    expect(distance(states.data, expected.states.data)).toBeLessThan(rounding);
    expect(distance(states.data, (await encode(base, [])).states.data)).toBeGreaterThan(1e-2);
  });

  test('bring their words along', async () => {
    const word = (token: string, seed: number) =>
      adapterOf('textual-inversion', { token, vectors: 2 }, ['token_embedding'], seed);
    const [cat, dog] = [word('<cat>', 5), word('<dog>', 6)];
    const states = async (adapters: readonly TrainedAdapter[], prompt: string) =>
      (await encode(base, adapters, prompt)).states.data;
    const dogAlone = await states([dog], 'a <dog>');
    const both = await states([cat, dog], 'a <dog>');
    expect(both).toEqual(dogAlone);
    expect(await states([dog, cat], 'a <cat>')).toEqual(await states([cat], 'a <cat>'));
    expect(both).not.toEqual(await states([cat], 'a <dog>'));
    const absent = { ...cat, strength: 0 };
    expect(await states([absent, dog], 'a <dog>')).toEqual(dogAlone);
    // A word has no weaker form.
    const weak = { ...dog, strength: 0.3 };
    expect(await states([weak], 'a <dog>')).toEqual(dogAlone);
    await expect(states([dog, dog], 'a <dog>')).rejects.toThrow(ConfigError);
  });
});

describe('strength 0 is the base bit for bit', () => {
  const isLow = { from: 0, to: 0.4 };
  test.each<[string, TrainedAdapter]>([
    ['for all', { ...krona, strength: 0 }],
    ['by pattern', { ...krona, strengths: { 'unet.*': 0 } }],
    ['by pattern, where another was given first', { ...lora, strengths: { 'to_*': 2, '*': 0 } }],
    ['where it is off', { ...krona, range: isLow }],
    ['where it is off, of another method', { ...lora, range: isLow }],
    ['where it is 0 and off', { ...krona, strength: 0, range: isLow }],
  ])('%s', async (_, adapter) => {
    expect(await predict([adapter])).toEqual(alone);
  });

  test('where all of several are off', async () => {
    const both = [
      { ...krona, range: isLow },
      { ...lora, range: { from: 0.6, to: 1 } },
    ];
    expect(await predict(both)).toEqual(alone);
  });

  test('in text encoders, whose range it is not', async () => {
    const texts = adapterOf('lora', { rank: 3 }, ['text-encoder'], 4);
    expect(await encode(base, [{ ...texts, strength: 0 }])).toEqual(await encode(base, []));
    const { states } = await encode(base, [{ ...texts, range: isLow }]);
    expect(states).toEqual((await encode(base, [texts])).states);
    expect(await predict([{ ...texts, range: isLow }])).toEqual(alone);
  });

  test('for words, which are then read as the base reads them', async () => {
    const word = adapterOf('textual-inversion', { token: '<cat>' }, ['token_embedding'], 5);
    const off = await encode(base, [{ ...word, strength: 0 }], 'a <cat>');
    expect(off).toEqual(await encode(base, [], 'a <cat>'));
    expect(off.states).not.toEqual((await encode(base, [word], 'a <cat>')).states);
  });
});

describe('a range', () => {
  test('of everything is none', async () => {
    for (const [adapter, without] of [
      [krona, withKrona],
      [lora, withLora],
    ] as const) {
      const ranged = await predict([{ ...adapter, range: { from: 0, to: 1 } }]);
      expect(ranged).toEqual(without);
    }
  });

  test('holds from its beginning to before its end, in shares of the noise schedule', async () => {
    const ranged = [{ ...krona, range: { from: 0.25, to: 0.75 } }];
    const timesteps = [751, 750, 251, 250];
    const without = await predictAt(timesteps, [], base);
    const on = (await predictAt(timesteps, ranged, base)).map(
      (prediction, i) => distance(prediction, without[i] ?? prediction) > 1e-2,
    );
    expect(on).toEqual([false, true, true, false]);
  });

  test('and strengths by pattern work together', async () => {
    const strengths = { 'attn1.*': 0, 'attn2.to_k': 0.5 };
    const there = await predict([{ ...krona, strengths }]);
    const ranged = await predict([{ ...krona, strengths, range: { from: 0.5, to: 1 } }]);
    expect(distance(ranged, there)).toBeLessThan(rounding);
    expect(distance(there, withKrona)).toBeGreaterThan(1e-3);
  });
});
