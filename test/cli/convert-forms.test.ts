import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { decodeAdapterFile } from '../../src/adapters/index.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import { toFloat32 } from '../../src/tensor/half.ts';
import { kron, matmul } from '../../src/tensor/linear-algebra/host-matrices.ts';
import { svd } from '../../src/tensor/linear-algebra/svd.ts';
import { float32, type Tensor } from '../../src/tensor/tensor.ts';
import { type Part, pocketAdapter } from './pocket-adapter.ts';
import { krona } from './terminal.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-forms-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function place(name: string, parts: readonly Part[]): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, await pocketAdapter(parts));
  return path;
}

const targets = ['mid_block.*attn1.to_q'];
const resultSchema = z.looseObject({
  methods: z.array(z.looseObject({ method: z.string(), sites: z.number() })),
  worst: z.object({ site: z.string(), error: z.number() }),
  errors: z.array(z.object({ site: z.string(), error: z.number() })),
});

/** The error of the only site, as the command states it. */
async function errorOf(path: string, ...flags: readonly string[]): Promise<number> {
  const out = join(folder, 'converted.safetensors');
  rmSync(out, { force: true });
  const { code, out: text } = await krona(['convert', path, '--out', out, '--json', ...flags]);
  expect(code).toBe(0);
  const { errors, worst } = resultSchema.parse(JSON.parse(text));
  expect(errors).toEqual([worst]);
  return worst.error;
}

/** The parameters of the only site. */
function parametersOf(path: string): Readonly<Record<string, Tensor<'f32'>>> {
  const { tensors } = decodeAdapterFile(readFileSync(path), path);
  return Object.fromEntries(
    [...tensors].map(([name, value]) => [name.slice(name.lastIndexOf('.') + 1), value]),
  );
}

function lossBehind(delta: Tensor<'f32'>, rank: number): number {
  const { s } = svd(delta);
  return Math.hypot(...s.subarray(rank)) / Math.hypot(...s);
}

describe('what another form loses is what singular values say', () => {
  test('KronA as LoRA of rank 3', async () => {
    const path = await place('krona.safetensors', [
      { method: 'krona', options: { a1: 4, a2: 8, scale: -0.5 }, targets },
    ]);
    const { A = float32([0, 0]), B = float32([0, 0]) } = parametersOf(path);
    const error = await errorOf(path, '--to', 'diffusers', '--as', 'lora', '--rank', '3');
    expect(error).toBeCloseTo(lossBehind(kron(A, B), 3), 5); // factors are float32
  });

  test('LoHa as LoRA of rank 2', async () => {
    const path = await place('loha.safetensors', [
      { method: 'loha', options: { rank: 3 }, targets },
    ]);
    const { w1_a, w1_b, w2_a, w2_b } = parametersOf(path);
    if (!(w1_a && w1_b && w2_a && w2_b)) throw new Error('a LoHa has four factors');
    const [first, second] = [matmul(w1_a, w1_b), matmul(w2_a, w2_b)];
    const delta = float32(
      first.shape,
      first.data.map((value, i) => value * (second.data[i] ?? 0)),
    );
    const error = await errorOf(path, '--to', 'kohya', '--as', 'lora', '--rank', '2');
    expect(error).toBeCloseTo(lossBehind(delta, 2), 5);
  });

  test('DoRA, which depends on the weight, as LoRA of rank 5', async () => {
    const path = await place('dora.safetensors', [
      { method: 'lora', options: { rank: 2, dora: true }, targets },
    ]);
    const { A = float32([0, 0]), B = float32([0, 0]), magnitude } = parametersOf(path);
    const unet = join(pocketFolder(), 'unet', 'diffusion_pytorch_model.safetensors');
    const stored = decodeSafetensors(readFileSync(unet), unet).tensors.get(
      'mid_block.attentions.0.transformer_blocks.0.attn1.to_q.weight',
    );
    if (stored === undefined) throw new Error('the pocket model has such a weight');
    const weight = toFloat32(stored);
    const adapted = matmul(B, A).data.map((value, i) => value + (weight.data[i] ?? 0));
    const [, width = 0] = weight.shape;
    const delta = float32(
      weight.shape,
      adapted.map((value, i) => {
        const row = Math.floor(i / width);
        const length = Math.hypot(...adapted.subarray(row * width, (row + 1) * width));
        return ((magnitude?.data[row] ?? 0) / length) * value - (weight.data[i] ?? 0);
      }),
    );
    const error = await errorOf(path, '--to', 'kohya', '--as', 'lora', '--rank', '5');
    const least = lossBehind(delta, 5);
    expect(error).toBeGreaterThan(least - 1e-6); // rounding of float32 factors
    // The singular values of noise hardly fall, which a random subspace resolves least of all.
    expect(error).toBeLessThan(1.001 * least);
  });

  test('there and back again, a KronA is itself', async () => {
    const path = await place('krona.safetensors', [
      { method: 'krona', options: { a1: 4, a2: 8 }, targets },
    ]);
    for (const form of [
      ['--as', 'lora'],
      ['--as', 'diff'],
    ]) {
      const lora = join(folder, `between-${form[1]}.safetensors`);
      await krona(['convert', path, '--to', 'kohya', ...form, '--out', lora, '--quiet']);
      const flags = [
        '--base',
        'pocket',
        '--to',
        'krona',
        '--as',
        'krona',
        '--a1',
        '4',
        '--a2',
        '8',
      ];
      expect(await errorOf(lora, ...flags)).toBeLessThan(1e-6); // as above
    }
  });
});

describe('a sum of Kronecker products', () => {
  const options = { a1: 2, a2: 4, terms: 2, scale: 0.5 };
  const sum = () => place('sum.safetensors', [{ method: 'krona', options, targets }]);

  test('is the LoRA of the ranks of its terms, and the sum again', async () => {
    const path = await sum();
    const lora = join(folder, 'sum-lora.safetensors');
    await krona(['convert', path, '--to', 'kohya', '--as', 'lora', '--out', lora, '--quiet']);
    const sizes = ['--a1', '2', '--a2', '4'];
    const back = ['--base', 'pocket', '--to', 'krona', '--as', 'krona', ...sizes];
    // Singular values of float32 factors, taken twice.
    expect(await errorOf(lora, ...back, '--terms', '2')).toBeLessThan(1e-6);
    expect(await errorOf(lora, ...back)).toBeGreaterThan(0.1);
  });

  test('is a LoRA of a lower rank as near as its singular values say', async () => {
    const path = await sum();
    const { A, B } = parametersOf(path);
    if (A === undefined || B === undefined) throw new Error('a KronA has A and B');
    const term = ({ shape, data }: Tensor<'f32'>, i: number) =>
      float32(shape.slice(1), data.subarray((i * data.length) / 2, ((i + 1) * data.length) / 2));
    const [first, second] = [kron(term(A, 0), term(B, 0)), kron(term(A, 1), term(B, 1))];
    const delta = float32(
      first.shape,
      first.data.map((value, i) => value + (second.data[i] ?? 0)),
    );
    const error = await errorOf(path, '--to', 'diffusers', '--as', 'lora', '--rank', '5');
    expect(error).toBeCloseTo(lossBehind(delta, 5), 4); // found in a random subspace
  });

  test('is refused by formats of one product, with what would work', async () => {
    const path = await sum();
    const out = join(folder, 'refused-sum.safetensors');
    const outcome = await krona(['convert', path, '--to', 'kohya', '--out', out, '--quiet']);
    expect(outcome.err).toContain(
      'mid_block.attentions.0.transformer_blocks.0.attn1.to_q has one of 2',
    );
    expect(outcome.err).toContain('--as lora              exactly');
    expect(outcome.err).toContain('[FORMAT_UNFIT]');
    expect(existsSync(out)).toBe(false);
  });
});

test('vectors and new words stay as they are where matrices take another form', async () => {
  const path = await place('mixed.safetensors', [
    { method: 'dreambooth', targets: ['conv_in.bias', 'conv_in'] },
    { method: 'textual-inversion', options: { token: '<dog>' }, targets: ['*.token_embedding'] },
  ]);
  const out = join(folder, 'mixed-lora.safetensors');
  const argv = ['convert', path, '--to', 'krona', '--as', 'lora', '--rank', '4', '--out', out];
  expect((await krona([...argv, '--quiet'])).code).toBe(0);
  const { placed } = decodeAdapterFile(readFileSync(out), out);
  const found = placed.map(({ adapter, sites }) => [adapter.method, ...sites.map((s) => s.name)]);
  expect(found.toSorted()).toEqual([
    ['dreambooth', 'unet.conv_in.bias'],
    ['lora', 'unet.conv_in'],
    ['textual-inversion', 'text_encoder.text_model.embeddings.token_embedding'],
  ]);
});

describe('what cannot be converted is refused, and nothing is written', () => {
  const reference = {
    method: 'krona',
    options: { a1: 4, a2: 8, layout: 'reference' },
    targets,
  } as const;
  const loha = { method: 'loha', targets } as const;
  test.each([
    [
      'a format that does not know the order of the rows, with what would work',
      reference,
      ['--to', 'kohya'],
      'FORMAT_UNFIT',
      '--as lora              exactly, as the LoRA of rank(A)·rank(B) that it is',
    ],
    [
      'a format of LoRA for another method',
      loha,
      ['--to', 'diffusers'],
      'FORMAT_UNFIT',
      '--as lora --rank 8     the nearest LoRA of a rank',
    ],
    [
      'a LoRA of no rank where none is exact',
      loha,
      ['--to', 'kohya', '--as', 'lora'],
      'RANK_MISSING',
      'such as --rank 8',
    ],
    [
      'a form that the format does not have',
      loha,
      ['--to', 'diffusers', '--as', 'krona'],
      'FORM_UNFIT',
      'use --as lora',
    ],
    [
      'a flag of another form',
      loha,
      ['--to', 'kohya', '--as', 'krona', '--rank', '4'],
      'OPTION_OF_OTHER_FORM',
      '--rank belongs to --as lora',
    ],
    [
      'sizes that do not divide',
      loha,
      ['--to', 'kohya', '--as', 'krona', '--a1', '3', '--a2', '8'],
      'FACTOR_DOES_NOT_DIVIDE',
      'outputs by 1, 2, 4, 5',
    ],
    [
      'half precision in a file of ours',
      loha,
      ['--to', 'krona', '--dtype', 'f16'],
      'DTYPE_OF_FORMAT',
      'leave --dtype f16 out',
    ],
    [
      'a base that has other modules',
      loha,
      ['--to', 'kohya', '--base', 'sdxl'],
      'ADAPTER_BASE',
      'use it with "pocket" or a model of the same kind',
    ],
  ])('%s', async (_what, part, flags, error, advice) => {
    const path = await place('refused.safetensors', [part]);
    const before = readdirSync(folder);
    const out = join(folder, 'never', 'written.safetensors');
    const outcome = await krona(['convert', path, '--out', out, '--quiet', ...flags]);
    expect(outcome.code).not.toBe(0);
    expect(outcome.err).toContain(`[${error}]`);
    expect(outcome.err).toContain(advice);
    expect(readdirSync(folder)).toEqual(before);
  });

  test('a folder that holds something', async () => {
    const path = await place('full.safetensors', [{ method: 'lora', targets }]);
    const outcome = await krona(['convert', path, '--to', 'peft', '--out', folder, '--quiet']);
    expect(outcome.err).toContain('[FOLDER_NOT_EMPTY]');
    expect(existsSync(join(folder, 'adapter_config.json'))).toBe(false);
  });
});

describe('a file that names no base', () => {
  const module = 'lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q';
  let dora = '';
  beforeAll(() => {
    dora = join(folder, 'dora-of-sd15.safetensors');
    const tensors = {
      [`${module}.alpha`]: float32([], [1]),
      [`${module}.dora_scale`]: float32([1280, 1], new Float32Array(1280).fill(3)),
      [`${module}.lora_down.weight`]: float32([1, 1280], new Float32Array(1280).fill(0.1)),
      [`${module}.lora_up.weight`]: float32([1280, 1], new Float32Array(1280).fill(0.3)),
    };
    writeFileSync(dora, encodeSafetensors(Object.entries(tensors)));
  });
  const convert = (...flags: readonly string[]) => {
    const out = join(folder, 'guessed.safetensors');
    rmSync(out, { force: true });
    return krona(['convert', dora, '--out', out, ...flags]);
  };

  test('is for the first family that has its modules, which is said', async () => {
    const { code, err, out } = await convert('--to', 'diffusers');
    expect(code).toBe(0);
    expect(err).toContain('the file names no base; Stable Diffusion 1.5 has all its modules');
    expect(out).toContain('the same at all 1 sites, bit for bit');
  });

  test('is not measured where that takes weights, which a family does not have', async () => {
    const { code, out } = await convert('--to', 'diffusers', '--dtype', 'f16');
    expect(code).toBe(0);
    expect(out).toContain('the error was not measured: it takes the weights of the base');
  });

  test('is not brought into another form without them', async () => {
    const { code, err } = await convert('--to', 'kohya', '--as', 'lora', '--rank', '2');
    expect(code).toBe(2);
    expect(err).toContain('--base sd15 has names and sizes only; give the model itself');
  });
});
