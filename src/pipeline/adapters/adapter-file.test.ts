import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { familySites } from '../../../test/family-sites.ts';
import {
  type AdapterFile,
  configureAdapter,
  encodeAdapterFile,
  initialTensors,
  placeAdapter,
} from '../../adapters/index.ts';
import { FormatError, SystemError } from '../../base/errors.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import { writeForeignAdapter } from '../../exchange/index.ts';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { chooseSites } from '../../nn/index.ts';
import { float32 } from '../../tensor/tensor.ts';
import { openAdapter } from './adapter-file.ts';

const sites = await familySites('sd15', 'tiny');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-adapter-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const placed = placeAdapter(
  configureAdapter('lora', { rank: 4, alpha: 2 }),
  chooseSites(sites, ['mid_block.*attn1.to_q', 'layers.0.self_attn.q_proj']),
);
const file: AdapterFile = {
  placed: [placed],
  tensors: initialTensors(placed, new TorchGenerator(0)),
  base: { name: 'pocket', sites: sites.length },
};

async function place(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const path = join(folder, name);
  for (const [own, bytes] of files) {
    await mkdir(dirname(join(path, own)), { recursive: true });
    writeFileSync(join(path, own), bytes);
  }
  return path;
}

describe('opening an adapter', () => {
  test('a file of ours knows its base', async () => {
    const path = await place('ours', new Map([['adapter.safetensors', encodeAdapterFile(file)]]));
    for (const each of [path, join(path, 'adapter.safetensors')]) {
      const opened = await openAdapter(each);
      expect(opened.trainedOn).toBe('pocket');
      const read = opened.on(sites);
      expect(read.format).toBe('krona');
      expect(read.file.tensors).toEqual(file.tensors);
    }
  });

  test.each(['kohya', 'diffusers', 'peft'])('%s, as a folder', async (format) => {
    const path = await place(format, writeForeignAdapter(file, format, { sites }));
    const opened = await openAdapter(path);
    expect(opened.trainedOn).toBeUndefined();
    const read = opened.on(sites);
    expect(read.file.tensors).toEqual(file.tensors);
    const options = read.file.placed.map(({ adapter }) => adapter.options);
    expect(options[0]).toMatchObject({ rank: 4, alpha: 2 });
  });

  test("a file of PEFT's finds its configuration beside it", async () => {
    const path = join(folder, 'peft/unet/adapter_model.safetensors');
    const { placed: found } = (await openAdapter(path)).on(sites).file;
    expect(found[0]?.adapter.options).toMatchObject({ rank: 4, alpha: 2 });
    expect(found[0]?.sites.map(({ name }) => name)).toEqual([placed.sites[0]?.name]);
  });

  test('an embedding whose word the file does not say is named by the file', async () => {
    const bytes = encodeSafetensors([['emb_params', float32([2, 64])]]);
    const path = await place('words', new Map([['my-dog.safetensors', bytes]]));
    const { file: read } = (await openAdapter(join(path, 'my-dog.safetensors'))).on(sites);
    expect(read.placed[0]?.adapter.newTokens).toEqual([{ token: 'my-dog', vectors: 2 }]);
  });

  test('a folder without one is refused with what would do', async () => {
    const path = await place('other', new Map([['notes.txt', new Uint8Array(1)]]));
    await expect(openAdapter(path)).rejects.toThrow(FormatError);
    await expect(openAdapter(path)).rejects.toThrow(/found notes\.txt/);
  });

  test('a file that is cut short is refused', async () => {
    const bytes = encodeAdapterFile(file);
    const path = await place('cut', new Map([['adapter.safetensors', bytes.slice(0, -8)]]));
    await expect(openAdapter(path)).rejects.toThrow(
      /damaged or incomplete; download or write it again/,
    );
  });

  test('a file that is not there is a failure of the system', async () => {
    await expect(openAdapter(join(folder, 'none.safetensors'))).rejects.toThrow(SystemError);
  });
});
