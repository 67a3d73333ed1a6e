import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { float32, type Tensor, tensor } from '../../tensor/tensor.ts';
import { writeSafetensors } from './safetensors-writer.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-writer-'));
});
afterEach(() => rm(folder, { recursive: true }));

const tensors: readonly (readonly [string, Tensor])[] = [
  ['b', float32([2, 3], [1, 2, 3, 4, 5, 6])],
  ['a', tensor('f16', [5], Uint16Array.of(1, 2, 3, 4, 5))],
  ['empty', float32([0])],
];

async function* inPieces({ data }: Tensor, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new Uint8Array(data.buffer);
  for (let start = 0; start < bytes.length; start += size) {
    yield bytes.subarray(start, start + size);
  }
}

test.each([1, 4, 1000])('pieces of %i bytes give the same file as whole tensors', async (size) => {
  const path = join(folder, 'model.safetensors');
  await writeSafetensors(path, tensors, (_, spec) => inPieces(spec, size));
  expect(new Uint8Array(await readFile(path))).toEqual(encodeSafetensors(tensors));
  expect(await readdir(folder)).toEqual(['model.safetensors']);
});

test('a failure in the middle leaves nothing behind', async () => {
  const path = join(folder, 'model.safetensors');
  const failing = writeSafetensors(path, tensors, (name, spec) =>
    name === 'a' ? [new Uint8Array(1)] : inPieces(spec, 8),
  );
  await expect(failing).rejects.toThrow();
  expect(await readdir(folder)).toEqual([]);
});

test('too few bytes for a tensor are noticed', async () => {
  const path = join(folder, 'model.safetensors');
  const short = writeSafetensors(path, tensors, () => [new Uint8Array(3)]);
  await expect(short).rejects.toThrow(/takes 24 bytes, its pieces 3/);
});
