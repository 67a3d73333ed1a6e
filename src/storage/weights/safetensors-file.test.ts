import {
  appendFile,
  mkdir,
  mkdtemp,
  realpath,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { float32, type Tensor, tensor } from '../../tensor/tensor.ts';
import { openSafetensors } from './safetensors-file.ts';

const weight = float32([2, 2], [1, 2, 3, 4]);
const half = tensor('f16', [3], new Uint16Array([0x3c00, 0, 0x4000]));
const bytes = encodeSafetensors(
  [
    ['layer.weight', weight],
    ['layer.bias', half],
  ],
  { format: 'pt' },
);

let folder = '';
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'krona-safetensors-')));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a safetensors file', () => {
  test('gives its header, one tensor, or all of them', async () => {
    const path = join(folder, 'sound.safetensors');
    await writeFile(path, bytes);
    const file = await openSafetensors(path);
    expect(file.header.metadata).toEqual({ format: 'pt' });
    expect(await file.read('layer.bias')).toEqual(half);
    expect(await file.readAll()).toEqual(
      new Map<string, Tensor>([
        ['layer.weight', weight],
        ['layer.bias', half],
      ]),
    );
  });

  test('reports the real path behind links, as in a Hugging Face cache', async () => {
    await mkdir(join(folder, 'blobs'));
    await writeFile(join(folder, 'blobs', '4d7a'), bytes);
    await symlink(join('blobs', '4d7a'), join(folder, 'linked.safetensors'));
    const { path, read } = await openSafetensors(join(folder, 'linked.safetensors'));
    expect(path).toBe(join(folder, 'blobs', '4d7a'));
    expect(await read('layer.weight')).toEqual(weight);
  });

  test('names the nearest tensor when asked for one it does not hold', async () => {
    const path = join(folder, 'nearest.safetensors');
    await writeFile(path, bytes);
    const { read } = await openSafetensors(path);
    await expect(read('layer.wieght')).rejects.toMatchObject({
      code: 'TENSOR_MISSING',
      message: expect.stringContaining('did you mean "layer.weight"?'),
    });
  });

  test('that is missing, a folder or too short is refused by name', async () => {
    const missing = join(folder, 'missing.safetensors');
    await expect(openSafetensors(missing)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(openSafetensors(folder)).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    const short = join(folder, 'short.safetensors');
    await writeFile(short, 'abc');
    await expect(openSafetensors(short)).rejects.toMatchObject({ code: 'SAFETENSORS_TOO_SHORT' });
  });

  test('whose download stopped early, or went on too long, is refused when opened', async () => {
    const path = join(folder, 'size.safetensors');
    await writeFile(path, bytes.subarray(0, -1));
    await expect(openSafetensors(path)).rejects.toMatchObject({ code: 'SAFETENSORS_OFFSETS' });
    await writeFile(path, bytes);
    await appendFile(path, 'x');
    await expect(openSafetensors(path)).rejects.toMatchObject({ code: 'SAFETENSORS_LAYOUT' });
  });

  test('that shrinks after it was opened is noticed when read', async () => {
    const path = join(folder, 'shrinking.safetensors');
    await writeFile(path, bytes);
    const file = await openSafetensors(path);
    await truncate(path, bytes.byteLength - 1);
    await expect(file.readAll()).rejects.toMatchObject({ code: 'FILE_TRUNCATED' });
  });
});
