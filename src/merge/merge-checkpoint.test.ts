import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outputs, type Trained, trained } from '../../test/merge/models.ts';
import { adapters as methods } from '../adapters/index.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { openBaseModel } from '../pipeline/base/open-base.ts';
import { makeRandomModel } from '../pipeline/random/random-model.ts';
import { openSafetensors } from '../storage/weights/safetensors-file.ts';
import { narrowFloat8 } from '../tensor/float8.ts';
import { toFloat32 } from '../tensor/half.ts';
import { relativeL2 } from '../tensor/linear-algebra/host-matrices.ts';
import { float32, type Tensor } from '../tensor/tensor.ts';
import { mergeCheckpoint } from './merge-checkpoint.ts';
import type { MergedAdapter } from './metadata.ts';

const folder = await mkdtemp(join(tmpdir(), 'krona-merge-'));
afterAll(() => rm(folder, { recursive: true }));

const smallFolder = join(folder, 'small');
const [xlFolder, halfFolder] = [join(folder, 'xl'), join(folder, 'half')];
await makeRandomModel({ family: 'sd15', size: 'tiny', out: smallFolder, seed: 1, dtype: 'f32' });
await makeRandomModel({ family: 'sdxl', size: 'tiny', out: xlFolder, seed: 1, dtype: 'f32' });
await makeRandomModel({ family: 'sd15', size: 'tiny', out: halfFolder, seed: 1, dtype: 'f16' });
const pocket = await openBaseModel('pocket');
const xl = await openBaseModel(xlFolder);
const half = await openBaseModel(halfFolder);
const small = await openBaseModel(smallFolder);

const krona = { a1: 4, a2: 8 };
const cases: readonly Trained[] = [
  { method: 'krona', options: krona, targets: ['attention', 'text-encoder'] },
  { method: 'lora', options: { rank: 3, alpha: 6 }, targets: ['attention', 'conv1', 'mlp.fc*'] },
  { method: 'lora', options: { rank: 2, dora: true }, targets: ['attn2.*'], strength: 0.5 },
  { method: 'lokr', options: { rank: 1, factor: 4 }, targets: ['attention', 'conv2'] },
  { method: 'loha', options: { rank: 2 }, targets: ['attention', 'text-encoder'], strength: -0.7 },
  { method: 'oft', options: { blockSize: 8 }, targets: ['attention'] },
  { method: 'svdiff', targets: ['attn1.to_q', 'conv_shortcut'], strength: 1.5 },
  { method: 'custom-diffusion', targets: ['attn2.to_k', 'attn2.to_v'] },
  { method: 'dreambooth', targets: ['unet', 'text_encoder.*'] },
  { method: 'blip-diffusion', targets: ['unet'] },
  {
    method: 'textual-inversion',
    options: { token: '<it>', vectors: 3 },
    targets: ['token_embedding'],
    strength: 0.3,
  },
];

test('every method is merged below', () => {
  const merged = cases.map(({ method }) => method);
  expect([...new Set(merged)].sort()).toEqual(Object.keys(methods).sort());
});

/** Merges into a folder and compares what it computes with the adapters beside the base. */
async function expectSame(base: BaseModel, adapters: readonly MergedAdapter[], name: string) {
  const out = join(folder, name);
  const { changed } = await mergeCheckpoint({ base, adapters, out, dtype: 'f32' });
  const expected = await outputs(base, adapters);
  const merged = await openBaseModel(out);
  // KronA and full differences come out bit for bit; methods with a product of their own round otherwise, 2.5e-7.
  expect(relativeL2(await outputs(merged), expected)).toBeLessThan(1e-6);
  return { changed, merged };
}

test.each(cases)(
  'with $method $options on $targets the model computes what it did with it beside',
  async (given) => {
    const adapter = await trained(small, given);
    const name = JSON.stringify([given.method, given.options]);
    const { changed } = await expectSame(small, [adapter], name);
    expect(changed.size).toBe(adapter.placed.flatMap(({ sites }) => sites).length);
  },
);

test('SDXL with a method here and another there computes what it did with them beside', async () => {
  const given: readonly Trained[] = [
    { method: 'krona', options: krona, targets: ['attn1.*', 'text_encoder_2.*_proj'] },
    { method: 'lora', options: { dora: true }, targets: ['attn2.*'] },
    { method: 'lokr', options: { rank: 1 }, targets: ['conv1', 'text_encoder.*_proj'] },
    { method: 'loha', options: { rank: 2 }, targets: ['mlp.fc*'], strength: 2 },
    { method: 'oft', options: { blockSize: 8 }, targets: ['ff.net.*'] },
    { method: 'svdiff', targets: ['conv_shortcut'] },
    { method: 'dreambooth', targets: ['add_embedding.*', '*.bias'] },
    { method: 'textual-inversion', options: { token: '<it>' }, targets: ['token_embedding'] },
  ];
  const adapters = await Promise.all(given.map((each, i) => trained(xl, each, i)));
  await expectSame(xl, adapters, 'every method');
});

describe('several adapters', () => {
  test('add up, each with its strengths', async () => {
    const first = await trained(pocket, {
      method: 'krona',
      options: krona,
      targets: ['attention'],
    });
    const second = await trained(pocket, { method: 'lora', targets: ['unet', 'text-encoder'] }, 2);
    const words = await trained(pocket, { method: 'textual-inversion', targets: ['*token*'] }, 3);
    const it = await trained(
      pocket,
      { method: 'textual-inversion', options: { token: '<it>' }, targets: ['*token*'] },
      4,
    );
    const adapters = [
      { ...first, strength: 0.6 },
      { ...second, strengths: { 'attn2.*': 0.2, 'text_encoder.*': 0 } },
      words,
      it,
    ];
    const { merged } = await expectSame(pocket, adapters, 'several');
    const encoder = pocket.textEncoders[0];
    expect(merged.textEncoders[0]?.config.vocabulary).toBe((encoder?.config.vocabulary ?? 0) + 2);
  });

  test('of strength 0 leave the base bit for bit', async () => {
    const adapter = await trained(half, { method: 'lora', targets: ['attention'], strength: 0 });
    const word = await trained(half, { method: 'textual-inversion', targets: ['*'], strength: 0 });
    const out = join(folder, 'nothing');
    const { changed } = await mergeCheckpoint({ base: half, adapters: [adapter, word], out });
    expect(changed.size).toBe(0);
    for (const part of ['unet', 'vae']) {
      const file = join(part, 'diffusion_pytorch_model.safetensors');
      const before = await tensorsOf(join(halfFolder, file));
      const after = await tensorsOf(join(out, file));
      expect([...after.keys()]).toEqual([...before.keys()]);
      const same = ({ data }: Tensor, name: string) =>
        Buffer.from(data.buffer).equals(Buffer.from((after.get(name) ?? float32([0])).data.buffer));
      expect([...before].filter(([name, value]) => !same(value, name))).toEqual([]);
    }
  });
});

async function tensorsOf(path: string): Promise<ReadonlyMap<string, Tensor>> {
  return await (await openSafetensors(path)).readAll();
}

describe('precision', () => {
  const unet = 'unet/diffusion_pytorch_model.safetensors';
  const adapted = 'mid_block.attentions.0.transformer_blocks.0.attn1.to_q.weight';

  /** One adapter, and what the model computes with it beside. */
  let adapter: MergedAdapter;
  let expected: Tensor<'f32'>;
  beforeAll(async () => {
    adapter = await trained(half, { method: 'krona', options: krona, targets: ['attention'] });
    expected = await outputs(half, [adapter]);
  });

  test.each([
    ['as-is', 'f16'],
    ['f16', 'f16'],
    ['bf16', 'bf16'],
    ['f32', 'f32'],
  ] as const)(
    '%s: weights of an f16 base become %s, the rest keep their values',
    async (dtype, stored) => {
      const out = join(folder, `precision ${dtype}`);
      const { changed } = await mergeCheckpoint({ base: half, adapters: [adapter], out, dtype });
      const before = await tensorsOf(join(halfFolder, unet));
      const after = await tensorsOf(join(out, unet));
      expect(new Set([...after.values()].map((each) => each.dtype))).toEqual(new Set([stored]));
      for (const [name, value] of before) {
        const found = toFloat32(after.get(name) ?? value);
        const error = relativeL2(found, toFloat32(value));
        if (changed.has(`unet.${name}`)) expect(error).toBeGreaterThan(1e-3);
        // bfloat16 keeps 8 bits of 11.
        else expect(error).toBeLessThan(dtype === 'bf16' ? 2 ** -9 : 1e-30);
      }
      // Rounding of weights, 2⁻¹¹ and 2⁻⁸ of each, by the layers of the network.
      const tolerance = { f16: 2e-3, bf16: 2e-2, f32: 1e-6 }[stored];
      expect(relativeL2(await outputs(await openBaseModel(out)), expected)).toBeLessThan(tolerance);
    },
  );

  test.each(['f8e4m3', 'f8e5m2'] as const)(
    '%s: matrices of UNet and text encoder become it, to the nearest; the rest f16',
    async (dtype) => {
      const out = join(folder, `precision ${dtype}`);
      await mergeCheckpoint({ base: half, adapters: [adapter], out, dtype });
      const before = await tensorsOf(join(halfFolder, unet));
      const after = await tensorsOf(join(out, unet));
      for (const [name, { dtype: stored, shape }] of after) {
        expect([name, stored]).toEqual([name, shape.length < 2 ? 'f16' : dtype]);
      }
      const name = 'conv_in.weight';
      const [value, found] = [before.get(name), after.get(name)];
      if (value === undefined || found === undefined) throw new Error(`there is no ${name}`);
      expect(found.data).toEqual(narrowFloat8(toFloat32(value).data, dtype));
      const { vae } = await openBaseModel(out);
      expect(new Set([...vae.weights.places.values()].map(({ entry }) => entry.dtype))).toEqual(
        new Set(['f16']),
      );
    },
  );

  test('refuses numbers that half precision cannot hold, and leaves nothing', async () => {
    const large = await trained(half, { method: 'dreambooth', targets: ['attn1.to_q'] });
    const out = join(folder, 'huge');
    const adapters = [{ ...large, strength: 1e7 }];
    await expect(mergeCheckpoint({ base: half, adapters, out })).rejects.toThrow(
      expect.objectContaining({
        code: 'MERGED_NOT_FINITE',
        message: expect.stringContaining('bf16'),
      }),
    );
    expect((await readdir(folder)).filter((name) => name.includes('huge'))).toEqual([]);
    const { changed } = await mergeCheckpoint({ base: half, adapters, out, dtype: 'f32' });
    expect(changed).toContain(`unet.${adapted}`);
  });
});

describe('the folder', () => {
  test('holds all parts of the base and its settings, and says what was merged', async () => {
    const given = {
      method: 'krona',
      options: krona,
      targets: ['attention'],
      strength: 0.5,
    } as const;
    const adapter = await trained(pocket, given);
    const out = join(folder, 'whole');
    await mergeCheckpoint({ base: pocket, adapters: [adapter], out });
    expect((await readdir(out, { recursive: true })).sort()).toEqual(
      [
        ...['README.md', 'krona.json', 'model_index.json'],
        ...['scheduler', 'scheduler/scheduler_config.json'],
        ...['text_encoder', 'text_encoder/config.json', 'text_encoder/model.safetensors'],
        ...['tokenizer', 'tokenizer/merges.txt', 'tokenizer/special_tokens_map.json'],
        ...['tokenizer/tokenizer_config.json', 'tokenizer/vocab.json'],
        ...['unet', 'unet/config.json', 'unet/diffusion_pytorch_model.safetensors'],
        ...['vae', 'vae/config.json', 'vae/diffusion_pytorch_model.safetensors'],
      ].sort(),
    );
    const { header } = await openSafetensors(join(out, 'unet/diffusion_pytorch_model.safetensors'));
    expect(header.metadata.format).toBe('pt');
    expect(header.metadata['modelspec.merged_from']).toBe('pocket, krona');
    expect(JSON.parse(header.metadata['krona.merged'] ?? '')).toEqual({
      base: 'pocket',
      adapters: [{ file: 'krona.safetensors', strength: 0.5, methods: ['krona'] }],
    });
    expect((await openBaseModel(out)).recommendation).toEqual(pocket.recommendation);
  });

  test('takes along parts that are not ours, and leaves out of its index those that are not there', async () => {
    const own = join(folder, 'with safety');
    await cp(halfFolder, own, { recursive: true });
    await mkdir(join(own, 'safety_checker'));
    await writeFile(join(own, 'safety_checker', 'model.safetensors'), 'weights');
    const path = join(own, 'model_index.json');
    const index = JSON.parse(await readFile(path, 'utf8'));
    const more = { safety_checker: ['a', 'A'], feature_extractor: ['b', 'B'] };
    await writeFile(path, JSON.stringify({ ...index, ...more }));
    const out = join(folder, 'with safety merged');
    await mergeCheckpoint({ base: await openBaseModel(own), adapters: [], out });
    expect(await readFile(join(out, 'safety_checker', 'model.safetensors'), 'utf8')).toBe(
      'weights',
    );
    expect(JSON.parse(await readFile(join(out, 'model_index.json'), 'utf8'))).toEqual({
      ...index,
      safety_checker: ['a', 'A'],
      feature_extractor: [null, null],
    });
  });

  test('holds new words where transformers looks for them', async () => {
    const own = join(folder, 'listed');
    await cp(halfFolder, own, { recursive: true });
    const tokenizer = join(own, 'tokenizer');
    const configPath = join(tokenizer, 'tokenizer_config.json');
    const config = JSON.parse(await readFile(configPath, 'utf8'));
    const special = { content: '<|endoftext|>', special: true };
    await writeFile(
      configPath,
      JSON.stringify({ ...config, added_tokens_decoder: { 49407: special } }),
    );
    await writeFile(join(tokenizer, 'tokenizer.json'), '{}');
    const base = await openBaseModel(own);
    const options = { token: '<it>', vectors: 2 };
    const word = await trained(base, {
      method: 'textual-inversion',
      options,
      targets: ['*token*'],
    });
    const out = join(folder, 'listed merged');
    await mergeCheckpoint({ base, adapters: [word], out });
    const json = async (name: string) => JSON.parse(await readFile(join(out, name), 'utf8'));
    expect(await json('tokenizer/added_tokens.json')).toEqual({ '<it>': 49408, '<it>_1': 49409 });
    const { added_tokens_decoder: listed } = await json('tokenizer/tokenizer_config.json');
    expect(listed).toMatchObject({
      49407: special,
      49408: { content: '<it>', special: false },
      49409: { content: '<it>_1' },
    });
    expect((await json('text_encoder/config.json')).vocab_size).toBe(49410);
    expect(await readdir(join(out, 'tokenizer'))).not.toContain('tokenizer.json');
  });

  test('is not written over another, and a stopped merge leaves nothing', async () => {
    await expect(mergeCheckpoint({ base: pocket, adapters: [], out: xlFolder })).rejects.toThrow(
      expect.objectContaining({ code: 'FOLDER_NOT_EMPTY' }),
    );
    const out = join(folder, 'stopped');
    const stopped = new Error('stopped');
    const controller = new AbortController();
    const listener = ({ doneBytes }: { doneBytes: number }) => {
      if (doneBytes > 1e6) controller.abort(stopped);
    };
    const { signal } = controller;
    await expect(
      mergeCheckpoint({ base: pocket, adapters: [], out }, { listener, signal }),
    ).rejects.toBe(stopped);
    expect((await readdir(folder)).filter((name) => name.includes('stopped'))).toEqual([]);
  });

  test('says how far it is', async () => {
    const done: number[] = [];
    let total = 0;
    const listener = ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }) => {
      done.push(doneBytes);
      total = totalBytes;
    };
    const out = join(folder, 'observed');
    const { bytes } = await mergeCheckpoint({ base: pocket, adapters: [], out }, { listener });
    expect(total).toBe(bytes);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(done.at(-1)).toBeLessThan(total);
  });
});
