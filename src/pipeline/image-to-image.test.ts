import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configureAdapter, initialTensors, placeAdapter } from '../adapters/index.ts';
import { TorchGenerator } from '../base/torch-random.ts';
import { decodeImage, type Image } from '../data/image.ts';
import { pocketFolder } from '../data/pocket.ts';
import { resize } from '../data/resize.ts';
import { decodeSafetensors, encodeSafetensors } from '../formats/safetensors/safetensors.ts';
import { unetSites } from '../models/unet/sites.ts';
import { chooseSites } from '../nn/index.ts';
import { tensor } from '../tensor/tensor.ts';
import type { BaseModel } from './base/base-model.ts';
import { openBaseModel } from './base/open-base.ts';
import type { Mask } from './draw/mask.ts';
import type { InitialPicture } from './draw/sampling-start.ts';
import { type TextToImage, textToImage } from './draw/text-to-image.ts';
import { KeptNetworks } from './network/lending.ts';

const base = await openBaseModel('pocket');
const path = join(pocketFolder(), 'subjects', 'teapot', '00.png');
const networks = new KeptNetworks(8);
afterAll(() => networks[Symbol.asyncDispose]());

const side = 64;
const size = { width: side, height: side };
const picture = resize(await decodeImage(await readFile(path), path), size, 'lanczos');

/** The right half is repainted. */
const mask: Mask = {
  ...size,
  data: Uint8Array.from({ length: side * side }, (_, pixel) => (pixel % side < side / 2 ? 0 : 1)),
};

const options: TextToImage = {
  prompt: 'a red teapot in the snow',
  seeds: [3],
  steps: 6,
  guidance: { scale: 5 },
  size,
  networks,
};

async function drawn(initial: Partial<InitialPicture>, other: Partial<TextToImage> = {}) {
  const all = { ...options, ...other, initial: { picture, noise: 0.5, ...initial } };
  const [result] = await textToImage(base, all);
  if (result === undefined) throw new Error('no picture');
  return result;
}

/** Peak signal to noise ratio in dB over the columns of a range. */
function psnr(a: Image, b: Image, [from, to] = [0, a.width]): number {
  const squares = [...a.data].flatMap((level, i) => {
    const column = Math.floor(i / 3) % a.width;
    return column >= from && column < to ? [(level - (b.data[i] ?? 0)) ** 2] : [];
  });
  return 10 * Math.log10(255 ** 2 / (squares.reduce((x, y) => x + y) / squares.length));
}

describe('image to image', () => {
  test('at full noise makes the pictures that the prompt makes alone', async () => {
    const [alone] = await textToImage(base, options);
    expect(await drawn({ noise: 1 })).toEqual(alone);
  });

  test('keeps more of the picture the less noise it is put under', async () => {
    const results = [0.17, 0.5, 0.84].map((noise) => drawn({ noise }));
    const [little = 0, half = 0, most = 0] = (await Promise.all(results)).map((result) =>
      psnr(result, picture),
    );
    expect(little).toBeGreaterThan(half);
    expect(half).toBeGreaterThan(most);
    // The autoencoder alone gives back 30 dB or so; one step of six may only touch details.
    expect(little).toBeGreaterThan(20);
  });

  test('gives a seed the same picture in any batch', async () => {
    const initial = { picture, noise: 0.5, mask };
    const three = await textToImage(base, { ...options, seeds: [2, 3, 4], batch: 2, initial });
    // Kernels add up in an order that depends on the batch: a level here and there.
    expect(psnr(three[1] ?? picture, await drawn({ mask }))).toBeGreaterThan(50);
  });

  test('takes adapters', async () => {
    const placed = placeAdapter(
      configureAdapter('krona', { a1: 8, a2: 16, initialB: 'normal' }),
      chooseSites(unetSites(base.unet.config), ['attention']),
    );
    const tensors = initialTensors(placed, new TorchGenerator(1));
    const [off, on] = await Promise.all(
      [0, 1].map((strength) =>
        drawn({ mask }, { adapters: [{ placed: [placed], tensors, strength }] }),
      ),
    );
    expect(off).toEqual(await drawn({ mask }));
    expect(on).not.toEqual(off);
  });

  test('works at sizes that are no square', async () => {
    const wide = { width: 72, height: 40 };
    const initial = { picture: resize(picture, wide, 'lanczos'), noise: 0.5 };
    const [result] = await textToImage(base, { ...options, size: wide, initial });
    expect(result).toMatchObject(wide);
  });

  test('counts the steps it makes', async () => {
    const counts: unknown[] = [];
    await drawn({}, { seeds: [0, 1], onStep: (progress) => counts.push(progress) });
    const picture = (number: number, done: number) =>
      [1, 2, 3].map((step) => ({
        ...{ done: done + step, total: 6, picture: number, together: 1, pictures: 2 },
        ...{ step, steps: 3 },
      }));
    expect(counts).toEqual([...picture(1, 0), ...picture(2, 3)]);
  });

  test('refuses noise that leaves no step', async () => {
    await expect(drawn({ noise: 0.1 })).rejects.toThrow(
      '0.1 of the noise leaves none of 6 steps; use 0.17 to 1',
    );
  });
});

test.each([
  [{ width: 60, height: 64 }, 'width: 60 pixels are no whole number of latents; 56 and 64 are'],
  [{ width: 64, height: 4 }, 'height: 4 pixels are no whole number of latents; 8 is'],
])('sizes that cannot be made are refused with the nearest that can: %j', async (wrong, words) => {
  await expect(textToImage(base, { ...options, size: wrong })).rejects.toThrow(words);
});

describe('in-painting', () => {
  test('gives back what the mask keeps, to the pixel, and repaints the rest', async () => {
    const result = await drawn({ mask, noise: 1 });
    expect(psnr(result, picture, [0, side / 2])).toBe(Number.POSITIVE_INFINITY);
    expect(psnr(result, picture, [side / 2, side])).toBeLessThan(20);
  });

  test('without pasting, keeps the rest as the autoencoder gives it back', async () => {
    const result = await drawn({ mask, noise: 1, keepUnmasked: false });
    const kept = psnr(result, picture, [0, side / 2]);
    expect(kept).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(kept).toBeGreaterThan(20);
    expect(kept).toBeGreaterThan(psnr(result, picture, [side / 2, side]) + 5);
  });
});

describe('a network for in-painting', () => {
  let folder = '';
  let inPainting: BaseModel;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'krona-nine-'));
    await copyWithChannels(folder, 17);
    inPainting = await openBaseModel(folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('that looks at nothing but the sample paints as the plain one', async () => {
    const initial = { picture, noise: 0.5, mask, keepUnmasked: false };
    const [result] = await textToImage(inPainting, { ...options, initial });
    expect(psnr(result ?? picture, await drawn({}))).toBeGreaterThan(50);
    const [alone] = await textToImage(inPainting, options);
    const [plain] = await textToImage(base, options);
    expect(psnr(alone ?? picture, plain ?? picture)).toBeGreaterThan(50);
  });

  test('of another number of channels is refused', async () => {
    const other = join(folder, 'nine');
    await copyWithChannels(other, 9);
    await expect(textToImage(await openBaseModel(other), options)).rejects.toThrow(
      'the UNet takes 9 channels, expected 8 (latents) or 17 (in-painting',
    );
  });
});

/** The pocket model with more input channels, of which it sees nothing: their weights are zero. */
async function copyWithChannels(folder: string, channels: number): Promise<void> {
  const pocket = pocketFolder();
  await mkdir(folder, { recursive: true });
  await cp(join(pocket, 'unet'), join(folder, 'unet'), { recursive: true });
  await cp(join(pocket, 'model_index.json'), join(folder, 'model_index.json'));
  for (const part of ['vae', 'text_encoder', 'tokenizer', 'scheduler']) {
    await symlink(join(pocket, part), join(folder, part));
  }
  const configPath = join(folder, 'unet', 'config.json');
  const config = JSON.parse(await readFile(configPath, 'utf8'));
  await writeFile(configPath, JSON.stringify({ ...config, in_channels: channels }));
  const weightsPath = join(folder, 'unet', 'diffusion_pytorch_model.safetensors');
  const { tensors } = decodeSafetensors(await readFile(weightsPath), weightsPath);
  const { data, shape = [] } = tensors.get('conv_in.weight') ?? {};
  const [out = 0, own = 0, ...kernel] = shape;
  const wide = new Uint16Array(out * channels * 9);
  for (let i = 0; i < out; i++) {
    for (let j = 0; j < own * 9; j++) wide[i * channels * 9 + j] = Number(data?.[i * own * 9 + j]);
  }
  tensors.set('conv_in.weight', tensor('f16', [out, channels, ...kernel], wide));
  await writeFile(weightsPath, encodeSafetensors(tensors));
}
