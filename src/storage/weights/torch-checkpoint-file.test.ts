import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { torchCheckpoint } from '../../../test/single-file/torch-writer.ts';
import { KronaError } from '../../base/errors.ts';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { toFloat32 } from '../../tensor/half.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import { openTensorFile } from './tensor-file.ts';
import { readPlace } from './weight-place.ts';

const data = join(import.meta.dirname, '../../../test/data/torch');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-torch-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function put(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function readAll(path: string): Promise<Record<string, Tensor>> {
  const { places } = await openTensorFile(path);
  const pairs = [...places].map(async ([name, place]) => [name, await readPlace(place)] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

/** 0, 1/8, 2/8, ... minus 1: exact in every float. */
const ramp = (count: number): number[] => Array.from({ length: count }, (_, i) => i / 8 - 1);

const numbers = (tensor: Tensor | undefined): number[] =>
  tensor === undefined ? [] : Array.from(tensor.data, Number);

describe.each(['zip.ckpt', 'protocol4.ckpt', 'legacy.ckpt'])('%s', (file) => {
  const path = join(data, file);

  test('gives every tensor of its state dict, and nothing of the optimizer', async () => {
    const tensors = await readAll(path);
    expect(Object.entries(tensors).map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual(
      [
        ['f32', 'f32', [4, 6]],
        ['shared.rows', 'f32', [2, 6]],
        ['transposed', 'f32', [6, 4]],
        ['f16', 'f16', [3, 2]],
        ['bf16', 'bf16', [5]],
        ['i64', 'i64', [3]],
        ['u8', 'u8', [4]],
        ['bool', 'bool', [2]],
        ['scalar', 'f64', []],
        ['empty', 'f32', [0, 3]],
        ['channels_last', 'f32', [2, 3, 2, 2]],
        ['parameter', 'f32', [3]],
      ],
    );
    expect(numbers(tensors.f32)).toEqual(ramp(24));
    expect(numbers(tensors['shared.rows'])).toEqual(ramp(24).slice(6, 18));
    const across = Array.from({ length: 24 }, (_, i) => ramp(24)[(i % 4) * 6 + Math.floor(i / 4)]);
    expect(numbers(tensors.transposed)).toEqual(across);
    expect(numbers(tensors.i64)).toEqual([0, 1, 2]);
    expect(numbers(tensors.bool)).toEqual([1, 0]);
    expect(numbers(tensors.scalar)).toEqual([2.5]);
    expect(numbers(tensors.channels_last)).toEqual(ramp(24));
    expect(numbers(tensors.parameter)).toEqual([1, 2, 3]);
    for (const [name, count] of [
      ['f16', 6],
      ['bf16', 5],
    ] as const) {
      const half = tensors[name];
      expect(half && [...toFloat32(half).data]).toEqual(ramp(count));
    }
  });

  test('gives places in the file itself', async () => {
    const { places } = await openTensorFile(path);
    const content = await readFile(path);
    const { entry } = places.get('parameter') ?? {};
    const at = entry?.offset ?? 0;
    expect([0, 4, 8].map((byte) => content.readFloatLE(at + byte))).toEqual([1, 2, 3]);
    expect(places.get('f32')?.axes).toBeUndefined();
    expect(places.get('transposed')?.axes).toEqual([1, 0]);
    expect(places.get('channels_last')?.axes).toEqual([0, 2, 3, 1]);
  });

  test('cut anywhere or changed in one byte gives an error of ours, or tensors', async () => {
    const whole = new Uint8Array(await readFile(path));
    const position = fc.nat(whole.byteLength - 1);
    const damaged = fc.oneof(
      position.map((length) => whole.slice(0, length)),
      fc.tuple(position, fc.nat(255)).map(([at, value]) => whole.with(at, value)),
    );
    await fc.assert(
      fc.asyncProperty(damaged, async (content) => {
        try {
          await readAll(await put('damaged.ckpt', content));
        } catch (error) {
          if (!(error instanceof KronaError)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('a bare state dict gives its tensors', async () => {
  const { weight, bias, ...others } = await readAll(join(data, 'state-dict.bin'));
  expect(numbers(weight)).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
  expect(numbers(bias)).toEqual([-1, -1]);
  expect(others).toEqual({});
});

test('the content decides, not the ending', async () => {
  const renamed = await put('model.safetensors', await readFile(join(data, 'state-dict.bin')));
  expect(Object.keys(await readAll(renamed))).toEqual(['weight', 'bias']);
  const safe = await put('model.ckpt', encodeSafetensors([['a', float32([1], [4])]], { k: 'v' }));
  const { metadata } = await openTensorFile(safe);
  expect(metadata).toEqual({ k: 'v' });
  expect(numbers((await readAll(safe)).a)).toEqual([4]);
});

describe('is refused:', () => {
  const refusal = async (path: string, code: string, part: string): Promise<void> =>
    await expect(openTensorFile(path)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(part),
    });

  test('a checkpoint that would run a program', () =>
    refusal(join(data, 'unsafe.ckpt'), 'PICKLE_UNSAFE', '"posix.system"'));

  test('a bare pickle that would run a program', async () =>
    refusal(
      await put('bare.ckpt', "cos\nsystem\n(S'echo owned'\ntR."),
      'PICKLE_UNSAFE',
      'os.system',
    ));

  test('a tensor with gaps', () =>
    refusal(join(data, 'gaps.ckpt'), 'TORCH_STRIDES', 'tensor "a" of shape [4, 2]'));

  test('a small file whose tensors all lie in the same bytes', async () => {
    const rows = float32([64, 64], Array(4096).fill(1));
    const sharing = (count: number) =>
      torchCheckpoint(new Map(Array.from({ length: count }, (_, i) => [`t${i}`, rows] as const)));
    expect(Object.keys(await readAll(await put('tied.ckpt', sharing(2))))).toEqual(['t0', 't1']);
    await refusal(await put('shared.ckpt', sharing(20)), 'TORCH_SHARED', 'more than 8 times');
  });

  test('a pickle of something else', async () =>
    refusal(
      await put('list.bin', Uint8Array.of(0x80, 2, 0x5d, 0x2e)),
      'NOT_TORCH',
      'another pickle',
    ));

  test('a zip archive that is no checkpoint', async () => {
    const empty = Buffer.alloc(22);
    empty.write('PK\x05\x06', 'latin1');
    await refusal(await put('pictures.ckpt', empty), 'NOT_TORCH', 'without data.pkl');
  });

  test('a compressed checkpoint', async () => {
    const bytes = await readFile(join(data, 'state-dict.bin'));
    // Method 8 (deflate) for every entry of the directory.
    for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 1)) {
      bytes.writeUInt16LE(8, at + 10);
    }
    await refusal(await put('deflated.bin', bytes), 'ZIP_COMPRESSED', 'torch.save');
  });

  test('a pointer of git-LFS, and a web page, for what they are', async () => {
    await refusal(await put('a.bin', 'version https://git-lfs'), 'NOT_SAFETENSORS', 'git-LFS');
    await refusal(await put('b.ckpt', '<!doctype html>'), 'NOT_SAFETENSORS', 'web page');
  });
});
