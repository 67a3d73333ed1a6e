import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { decodeAdapterFile } from '../../src/adapters/index.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { makeRandomModel } from '../../src/pipeline/random/random-model.ts';
import { kron, matmul, relativeL2 } from '../../src/tensor/linear-algebra/host-matrices.ts';
import { svd } from '../../src/tensor/linear-algebra/svd.ts';
import { elementCount, float32, type Shape, type Tensor } from '../../src/tensor/tensor.ts';
import { krona } from './terminal.ts';
import { tunedCheckpoint } from './tuned-checkpoint.ts';

let folder = '';
const random = new TorchGenerator(0);
/** ΔW by name of the weight in the UNet, of every checkpoint made here. */
const changes = { kronecker: new Map(), lowRank: new Map() } as const satisfies Record<
  string,
  Map<string, Tensor<'f32'>>
>;

function randomMatrix(shape: Shape, scale = 0.1): Tensor<'f32'> {
  return float32(
    shape,
    random.randn(elementCount(shape)).map((value) => scale * value),
  );
}

const isAttention = (name: string) => /attn\d\.to_(q|k|v|out\.0)\.weight$/.test(name);

/** Remembers a change of every attention weight, for the tests to compare with. */
function changeOf(made: Map<string, Tensor<'f32'>>, make: (shape: Shape) => Tensor<'f32'>) {
  return (name: string, { shape }: Tensor<'f32'>) => {
    if (!isAttention(name)) return undefined;
    const delta = make(shape);
    made.set(name, delta);
    return delta;
  };
}

function kronecker([out = 0, inner = 0]: Shape): Tensor<'f32'> {
  return kron(randomMatrix([4, 8]), randomMatrix([out / 4, inner / 8]));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-extract-'));
  await makeRandomModel({ family: 'sdxl', size: 'tiny', out: join(folder, 'sdxl') });
  await tunedCheckpoint(
    pocketFolder(),
    join(folder, 'kronecker'),
    changeOf(changes.kronecker, kronecker),
  );
  await tunedCheckpoint(
    join(folder, 'sdxl'),
    join(folder, 'low-rank'),
    changeOf(changes.lowRank, ([out = 0, inner = 0]) =>
      matmul(randomMatrix([out, 3]), randomMatrix([3, inner])),
    ),
  );
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const resultSchema = z.looseObject({
  form: z.record(z.string(), z.unknown()),
  worst: z.object({ site: z.string(), error: z.number() }),
  median: z.number(),
  unchanged: z.number(),
  outside: z.number(),
  left: z.array(z.object({ projection: z.string(), share: z.number() })),
  errors: z.array(z.object({ site: z.string(), error: z.number() })),
});

async function extract(from: string, base: string, ...flags: readonly string[]) {
  const out = join(folder, 'extracted', 'adapter.safetensors');
  rmSync(out, { force: true });
  const argv = ['extract', '--from', join(folder, from), '--base', base, '--out', out, '--json'];
  const { code, out: text, err } = await krona([...argv, ...flags]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const file = decodeAdapterFile(await readFile(out), out);
  return { result: resultSchema.parse(JSON.parse(text)), file };
}

/** Sums of float32 weights of about 1 and changes of about 0.1 are rounded, once in the checkpoint. */
const rounding = 1e-5;

describe('a checkpoint changed by Kronecker products', () => {
  test('gives them back as KronA, and nothing lies outside', async () => {
    const { result, file } = await extract('kronecker', 'pocket', '--a1', '4', '--a2', '8');
    expect(result.errors).toHaveLength(changes.kronecker.size);
    expect(result.worst.error).toBeLessThan(rounding);
    expect(result).toMatchObject({ unchanged: 0, outside: 0, left: [] });
    for (const [name, delta] of changes.kronecker) {
      const site = `unet.${name.replace(/\.weight$/, '')}`;
      const [a, b] = [file.tensors.get(`${site}.A`), file.tensors.get(`${site}.B`)];
      if (a === undefined || b === undefined) throw new Error(`nothing was extracted at ${site}`);
      expect(relativeL2(kron(a, b), delta)).toBeLessThan(rounding);
    }
  });

  test('within a budget takes the pair of sizes that fits', async () => {
    const { result } = await extract(
      'kronecker',
      'pocket',
      '--budget',
      '600kB',
      '--targets',
      'attn2.*',
    );
    expect(result.form).toEqual({ as: 'krona', a1: 4, a2: 8, layout: 'kron' });
    expect(result.worst.error).toBeLessThan(rounding);
  });
});

describe('an SDXL checkpoint changed by products of rank 3', () => {
  test('gives them back as LoRA of that rank', async () => {
    const base = join(folder, 'sdxl');
    const { result, file } = await extract('low-rank', base, '--as', 'lora', '--rank', '3');
    expect(result.worst.error).toBeLessThan(rounding);
    expect(file.placed.map(({ adapter }) => adapter.options.rank)).toEqual([3]);
  });

  test('as LoRA of rank 2 loses the third singular value, at every site', async () => {
    const base = join(folder, 'sdxl');
    const { result } = await extract('low-rank', base, '--as', 'lora', '--rank', '2');
    for (const { site, error } of result.errors) {
      const delta = changes.lowRank.get(`${site.replace('unet.', '')}.weight`);
      if (delta === undefined) throw new Error(`${site} was not changed`);
      const { s } = svd(delta);
      expect(error).toBeCloseTo((s[2] ?? 0) / Math.hypot(...s), 5); // the checkpoint is rounded
    }
  });

  test('says what share of the change lies outside the targets, and where', async () => {
    const base = join(folder, 'sdxl');
    const flags = ['--as', 'lora', '--rank', '3', '--targets', 'attn2.*'];
    const { result } = await extract('low-rank', base, ...flags);
    const squares = (pattern: RegExp) =>
      [...changes.lowRank]
        .filter(([name]) => pattern.test(name))
        .reduce((sum, [, { data }]) => sum + Math.hypot(...data) ** 2, 0);
    expect(result.outside).toBeCloseTo(squares(/attn1/) / squares(/./), 5);
    expect(result.left.map(({ projection }) => projection).toSorted()).toEqual([
      'attn1.to_k',
      'attn1.to_out.0',
      'attn1.to_q',
      'attn1.to_v',
    ]);
  });
});

describe('what cannot be extracted is refused, and nothing is written', () => {
  test.each([
    ['sizes that do not divide', ['--a1', '7'], 'FACTOR_DOES_NOT_DIVIDE', 2],
    ['a budget that holds nothing', ['--budget', '1kB'], 'BUDGET_TOO_SMALL', 2],
    ['a budget beside sizes', ['--budget', '1MB', '--a1', '4'], 'BUDGET_AND_SIZE', 2],
    ['a LoRA of no rank', ['--as', 'lora'], 'RANK_MISSING', 2],
    ['targets that did not change', ['--targets', 'conv_in', '--a2', '4'], 'NOTHING_CHANGED', 1],
    ['another architecture', ['--a2', '4'], 'MODELS_DIFFER', 1, 'sdxl'],
  ])('%s', async (_what, flags, error, code, from = 'kronecker') => {
    const out = join(folder, 'refused.safetensors');
    const argv = ['extract', '--from', join(folder, from), '--base', 'pocket', '--out', out];
    const outcome = await krona([...argv, '--quiet', ...flags]);
    expect(outcome.err).toContain(`[${error}]`);
    expect(outcome.code).toBe(code);
    expect(existsSync(out)).toBe(false);
  });
});

test('a file that is there is not replaced', async () => {
  const out = join(folder, 'there.safetensors');
  await writeFile(out, 'mine');
  const argv = ['extract', '--from', join(folder, 'kronecker'), '--base', 'pocket', '--out', out];
  expect(await krona([...argv, '--a2', '4', '--quiet'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('[OUT_EXISTS]'),
  });
  expect(await readFile(out, 'utf8')).toBe('mine');
});

test('a summary says what was made, how near it is and what lies outside', async () => {
  const { out, code } = await krona([
    ...['extract', '--from', join(folder, 'kronecker'), '--base', 'pocket', '--quiet'],
    ...['--a1', '4', '--a2', '8', '--targets', 'attn1.*', '--out', join(folder, 'a.safetensors')],
  ]);
  expect(code).toBe(0);
  expect(out).toContain('krona (a1 4, a2 8, kron) at ');
  expect(out).toMatch(/of the squared change lies outside the targets, most in attn2\.to_\w+/);
  expect(out).toContain('which is rounding');
});
