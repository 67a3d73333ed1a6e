import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { encodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import { input } from '../../src/graph/index.ts';
import { clipText } from '../../src/models/clip/clip-text.ts';
import { type CheckpointKindName, checkpointKinds } from '../../src/models/single-file/kinds.ts';
import { checkpointParts } from '../../src/models/single-file/parts.ts';
import { unet } from '../../src/models/unet/unet.ts';
import { decode, encode } from '../../src/models/vae/vae.ts';
import type { ModelWeights } from '../../src/models/weights.ts';
import { openBaseModel, openText, openUNet, openVae } from '../../src/pipeline/base/open-base.ts';
import { openNetwork, type Traced } from '../../src/pipeline/network/open-network.ts';
import { makeRandomModel } from '../../src/pipeline/random/random-model.ts';
import { openSafetensors } from '../../src/storage/weights/safetensors-file.ts';
import { openTensorFile } from '../../src/storage/weights/tensor-file.ts';
import { elementCount, float32, int64, type Tensor, tensor } from '../../src/tensor/tensor.ts';
import { fixturePath } from '../fixtures.ts';
import { openClipName, originalUNetName, originalVaeName } from './original-names.ts';
import { torchCheckpoint } from './torch-writer.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-single-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** There is no reference of it: its layout, tiny and with random weights. */
const refiner = await mkdtemp(join(tmpdir(), 'krona-refiner-'));
await makeRandomModel({ family: 'sdxl-refiner', size: 'tiny', out: refiner });
afterAll(() => rm(refiner, { recursive: true }));

type Tensors = Map<string, Tensor>;

async function stored(part: string, file: string): Promise<Tensors> {
  return await (await openSafetensors(fixturePath(part, file))).readAll();
}

/** Queries, keys and values one below the other, as OpenCLIP keeps them. */
function fused(tensors: Tensors): Tensors {
  const result: Tensors = new Map();
  for (const [name, value] of tensors) {
    const parts = ['q', 'k', 'v'].map((part) =>
      tensors.get(name.replace('.q_proj.', `.${part}_proj.`)),
    );
    const [query, key, values] = parts;
    if (name.includes('.k_proj.') || name.includes('.v_proj.')) continue;
    if (!name.includes('.q_proj.') || !query || !key || !values) {
      result.set(openClipName(name), value);
      continue;
    }
    const [rows = 0, ...rest] = query.shape;
    const data = Buffer.concat(
      [query, key, values].map(({ data }) =>
        Buffer.from(data.buffer, data.byteOffset, data.byteLength),
      ),
    );
    const joined = new Uint16Array(new Uint8Array(data).buffer);
    result.set(openClipName(name), tensor(query.dtype, [3 * rows, ...rest], joined));
  }
  return result;
}

function transposed({ dtype, shape, data }: Tensor): Tensor {
  const [rows = 0, columns = 0] = shape;
  const turned = data.slice();
  data.forEach((value: number | bigint, i: number) => {
    turned[(i % columns) * rows + Math.floor(i / columns)] = value;
  });
  return tensor(dtype, [columns, rows], turned);
}

/** A 1×1 convolution's weight: CompVis wrote the autoencoder's attention so. */
const asConvolution = (name: string, value: Tensor): Tensor =>
  /attn_1\.(q|k|v|proj_out)\.weight$/.test(name)
    ? tensor(value.dtype, [...value.shape, 1, 1], value.data)
    : value;

interface TextCase {
  readonly part: string;
  readonly tensors: (tensors: Tensors) => Tensors;
}

interface Case {
  readonly kind: CheckpointKindName;
  readonly unet: string;
  readonly vae: string;
  readonly texts: readonly TextCase[];
  /** What tools leave in such files. */
  readonly leftovers: readonly string[];
}

const prefixed = (prefix: string, tensors: Tensors): Tensors =>
  new Map([...tensors].map(([name, value]) => [prefix + name, value]));

const openClipCase: Case = {
  kind: 'sd2',
  unet: 'unet-sd21',
  vae: 'vae-sd',
  texts: [
    {
      part: 'openclip-text-sd2',
      tensors: (tensors) => prefixed('cond_stage_model.model.', fused(tensors)),
    },
  ],
  leftovers: [
    'cond_stage_model.model.logit_scale',
    'cond_stage_model.model.text_projection',
    'cond_stage_model.model.transformer.resblocks.2.ln_1.weight',
  ],
};

const cases: readonly Case[] = [
  {
    kind: 'sd1',
    unet: 'unet-sd15',
    vae: 'vae-sd',
    texts: [
      {
        part: 'clip-text',
        tensors: (tensors) => prefixed('cond_stage_model.transformer.', tensors),
      },
    ],
    leftovers: ['cond_stage_model.transformer.text_model.embeddings.position_ids'],
  },
  {
    kind: 'sd1',
    unet: 'unet-sd15',
    vae: 'vae-sd',
    texts: [
      {
        part: 'clip-text',
        tensors: (tensors) =>
          new Map(
            [...tensors].map(([name, value]) => [
              name.replace(/^text_model\./, 'cond_stage_model.transformer.'),
              value,
            ]),
          ),
      },
    ],
    leftovers: ['model_ema.decay', 'model_ema.diffusion_modelout0weight'],
  },
  openClipCase,
  {
    kind: 'sdxl',
    unet: 'unet-sdxl',
    vae: 'vae-sdxl',
    texts: [
      {
        part: 'clip-text',
        tensors: (tensors) => prefixed('conditioner.embedders.0.transformer.', tensors),
      },
      { part: 'openclip-text-proj', tensors: (tensors) => withOriginalProjection(tensors, 1) },
    ],
    leftovers: ['conditioner.embedders.1.model.logit_scale', 'denoiser.sigmas'],
  },
  {
    kind: 'sdxlRefiner',
    unet: join(refiner, 'unet'),
    vae: join(refiner, 'vae'),
    texts: [
      {
        part: join(refiner, 'text_encoder_2'),
        tensors: (tensors) => withOriginalProjection(tensors, 0),
      },
    ],
    leftovers: ['conditioner.embedders.0.model.logit_scale', 'denoiser.sigmas'],
  },
];

/** OpenCLIP keeps its projection transposed. */
function withOriginalProjection(tensors: Tensors, embedder: number): Tensors {
  const renamed = fused(tensors);
  const projection = renamed.get('text_projection');
  if (projection === undefined) throw new Error('the fixture has no projection');
  renamed.set('text_projection', transposed(projection));
  return prefixed(`conditioner.embedders.${embedder}.model.`, renamed);
}

async function wholeCheckpoint({ kind, unet, vae, texts, leftovers }: Case): Promise<Tensors> {
  const weights = 'diffusion_pytorch_model.safetensors';
  const all: Tensors = new Map();
  for (const [name, value] of await stored(unet, weights)) {
    all.set(originalUNetName(name, kind === 'sdxl'), value);
  }
  for (const [name, value] of await stored(vae, weights)) {
    const original = originalVaeName(name);
    all.set(original, asConvolution(original, value));
  }
  for (const { part, tensors } of texts) {
    for (const [name, value] of tensors(await stored(part, 'model.safetensors'))) {
      all.set(name, value);
    }
  }
  for (const name of [...leftovers, 'betas', 'alphas_cumprod']) all.set(name, float32([2]));
  return all;
}

const noise = (shape: readonly number[]): Tensor<'f32'> =>
  float32(shape, new TorchGenerator(5).randn(elementCount(shape)));

/** All outputs of a computation over some weights. */
async function outputsOf(
  weights: ModelWeights,
  inputs: Readonly<Record<string, Tensor>>,
  compute: (...given: Parameters<Parameters<typeof openNetwork>[1]>) => Traced,
): Promise<readonly number[][]> {
  const names: string[] = [];
  await using session = await openNetwork(weights, (graph, scope) => {
    const traced = compute(graph, scope);
    names.push(...Object.keys(traced));
    return traced;
  });
  const results = await session.run(inputs);
  return names.map((name) => [...results.get(name).data]);
}

/** What the weights in folders compute, by folder: several files hold the same ones, and are fed the same. */
const computed = new Map<string, Promise<readonly number[][]>>();

describe.each(cases)('$kind with $leftovers', (given) => {
  describe.each(['model.safetensors', 'model.ckpt'])('as %s', (file) => {
    test('computes bit for bit what the same weights in folders compute', async () => {
      const tensors = await wholeCheckpoint(given);
      const path = join(folder, file);
      const isTorch = file.endsWith('.ckpt');
      await writeFile(path, isTorch ? torchCheckpoint(tensors) : encodeSafetensors(tensors));
      const texts = await Promise.all(given.texts.map(({ part }) => openText(fixturePath(part))));
      const denoiser = await openUNet(fixturePath(given.unet));
      const vae = await openVae(fixturePath(given.vae));
      const config = {
        unet: denoiser.config,
        vae: vae.config,
        textEncoders: texts.map((text) => text.config),
      };
      const single = checkpointParts(
        await openTensorFile(path),
        checkpointKinds[given.kind],
        config,
      );
      expect([...single.ignored].sort()).toEqual(
        [...given.leftovers, 'betas', 'alphas_cumprod'].sort(),
      );

      const same = async (
        part: string,
        own: ModelWeights | undefined,
        weights: ModelWeights,
        inputs: Readonly<Record<string, Tensor>>,
        compute: Parameters<typeof outputsOf>[2],
      ): Promise<void> => {
        expect(own).toBeDefined();
        const known = computed.get(part) ?? outputsOf(weights, inputs, compute);
        computed.set(part, known);
        const expected = await known;
        expect(expected.flat().some((value) => value !== 0 && Number.isFinite(value))).toBe(true);
        expect(await outputsOf(own ?? weights, inputs, compute)).toEqual(expected);
      };

      const ids = { ids: int64([1, 4], [842, 320, 17, 843]), rows: int64([1], [3]) };
      for (const [i, text] of texts.entries()) {
        const part = given.texts[i]?.part ?? '';
        await same(part, single.textEncoders[i], text.weights, ids, (graph, scope) => {
          const { lastHiddenState, pooled } = clipText(scope, text.config, {
            ids: input(graph, 'ids', 'i64', [1, 4]),
            pooledRows: input(graph, 'rows', 'i64', [1]),
          });
          return { lastHiddenState, pooled };
        });
      }

      const { contextSize, levels, addition } = denoiser.config;
      const noisy = {
        sample: noise([1, 4, 8, 8]),
        timeFeatures: noise([1, levels[0]?.channels ?? 0]),
        context: noise([1, 4, contextSize]),
        ...(addition && { additionFeatures: noise([1, addition.featureSize]) }),
      };
      await same(given.unet, single.unet, denoiser.weights, noisy, (graph, scope) => ({
        output: unet(scope, denoiser.config, {
          sample: input(graph, 'sample', 'f32', noisy.sample.shape),
          timeFeatures: input(graph, 'timeFeatures', 'f32', noisy.timeFeatures.shape),
          context: input(graph, 'context', 'f32', noisy.context.shape),
          additionFeatures:
            addition && input(graph, 'additionFeatures', 'f32', [1, addition.featureSize]),
        }),
      }));

      const pictures = { picture: noise([1, 3, 16, 16]), latents: noise([1, 4, 2, 2]) };
      await same(given.vae, single.vae, vae.weights, pictures, (graph, scope) => ({
        moments: encode(scope, vae.config, input(graph, 'picture', 'f32', [1, 3, 16, 16])),
        decoded: decode(scope, vae.config, input(graph, 'latents', 'f32', [1, 4, 2, 2])),
      }));
    });
  });
});

describe('a checkpoint that lacks or garbles something is refused by its own names:', () => {
  const [usual = openClipCase] = cases;

  async function partsOf(change: (tensors: Tensors) => void): Promise<unknown> {
    const tensors = await wholeCheckpoint(usual);
    change(tensors);
    const path = join(folder, 'changed.safetensors');
    await writeFile(path, encodeSafetensors(tensors));
    const { config: denoiser } = await openUNet(fixturePath(usual.unet));
    const { config: vae } = await openVae(fixturePath('vae-sd'));
    const texts = await Promise.all(usual.texts.map(({ part }) => openText(fixturePath(part))));
    const textEncoders = texts.map(({ config }) => config);
    const config = { unet: denoiser, vae, textEncoders };
    return checkpointParts(await openTensorFile(path), checkpointKinds.sd1, config);
  }

  const refusal = async (
    change: (tensors: Tensors) => void,
    code: string,
    part: string,
  ): Promise<void> =>
    await expect(partsOf(change)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(part),
    });

  const name = 'model.diffusion_model.middle_block.1.proj_in.weight';

  test('no autoencoder', () =>
    refusal(
      (tensors) => {
        for (const each of [...tensors.keys()]) {
          if (each.startsWith('first_stage_model.')) tensors.delete(each);
        }
      },
      'CHECKPOINT_PART',
      'no VAE: expected tensors named "first_stage_model...."',
    ));

  test('a misspelt tensor', () =>
    refusal(
      (tensors) => {
        tensors.set(name.replace('proj_in', 'proj_inn'), tensors.get(name) ?? float32([1]));
        tensors.delete(name);
      },
      'WEIGHTS_MISMATCH',
      `"${name}" is missing; did you mean "${name.replace('proj_in', 'proj_inn')}"?`,
    ));

  test('a tensor of another shape', () =>
    refusal((tensors) => tensors.set(name, float32([3])), 'WEIGHTS_MISMATCH', 'the file has [3]'));

  test('a tensor that the model does not have', () =>
    refusal(
      (tensors) => tensors.set('model.diffusion_model.control.weight', float32([3])),
      'WEIGHTS_MISMATCH',
      'does not match Stable Diffusion 1.x',
    ));
});

test('the refiner of Stable Diffusion XL is recognised, and what it lacks is named', async () => {
  const path = join(folder, 'xl.safetensors');
  const unetName = 'model.diffusion_model.input_blocks';
  await writeFile(
    path,
    encodeSafetensors([
      [`${unetName}.0.0.weight`, float32([1, 4, 1, 1])],
      [`${unetName}.4.1.transformer_blocks.0.attn2.to_k.weight`, float32([1, 1280])],
    ]),
  );
  await expect(openBaseModel(path)).rejects.toMatchObject({
    code: 'WEIGHTS_MISMATCH',
    message: expect.stringContaining('does not match Stable Diffusion XL refiner'),
  });
});

test('a base that would run a program is refused by the name of what it calls', async () => {
  const path = join(import.meta.dirname, '../data/torch/unsafe.ckpt');
  await expect(openBaseModel(path)).rejects.toMatchObject({
    code: 'PICKLE_UNSAFE',
    message: expect.stringContaining('"posix.system"'),
  });
});

test('a projection that OpenCLIP keeps transposed computes the same, read in place', async () => {
  const part = 'openclip-text-proj';
  const tensors = fused(await stored(part, 'model.safetensors'));
  const projection = tensors.get('text_projection');
  if (projection === undefined) throw new Error('the fixture has no projection');
  tensors.set('text_projection', transposed(projection));
  const text = await openText(fixturePath(part));
  const denoiser = await openUNet(fixturePath('unet-sd21'));
  const vae = await openVae(fixturePath('vae-sd'));
  const rest = await wholeCheckpoint({
    ...openClipCase,
    texts: [{ part, tensors: () => prefixed('cond_stage_model.model.', tensors) }],
    leftovers: [],
  });
  const path = join(folder, 'projection.safetensors');
  await writeFile(path, encodeSafetensors(rest));
  const single = checkpointParts(await openTensorFile(path), checkpointKinds.sd2, {
    unet: denoiser.config,
    vae: vae.config,
    textEncoders: [text.config],
  });
  const inputs = { ids: int64([1, 3], [842, 17, 843]), rows: int64([1], [2]) };
  const compute: Parameters<typeof outputsOf>[2] = (graph, scope) => {
    const { pooled, projected } = clipText(scope, text.config, {
      ids: input(graph, 'ids', 'i64', [1, 3]),
      pooledRows: input(graph, 'rows', 'i64', [1]),
    });
    return projected === undefined ? { pooled } : { pooled, projected };
  };
  const [own = text.weights] = single.textEncoders;
  const result = await outputsOf(own, inputs, compute);
  const [pooled, projected] = await outputsOf(text.weights, inputs, compute);
  expect(result[0]).toEqual(pooled);
  // A product with a transposed matrix may add in another order: 48 terms in float32.
  result[1]?.forEach((value, i) => {
    expect(value).toBeCloseTo(projected?.[i] ?? Number.NaN, 5);
  });
});
