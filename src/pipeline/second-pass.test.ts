import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { decodeImage, type Image } from '../data/image.ts';
import { pocketFolder } from '../data/pocket.ts';
import { resize } from '../data/resize.ts';
import { openBaseModel } from './base/open-base.ts';
import { drawTwice, type SecondPass } from './draw/second-pass.ts';
import { type DrawingProgress, type TextToImage, textToImage } from './draw/text-to-image.ts';
import { KeptNetworks } from './network/lending.ts';

const base = await openBaseModel('pocket');
const networks = new KeptNetworks(12);
afterAll(() => networks[Symbol.asyncDispose]());

const options: TextToImage = {
  prompt: 'a red teapot in the snow',
  seeds: [3, 4],
  steps: 4,
  guidance: { scale: 5 },
  size: { width: 32, height: 32 },
  networks,
};
const size = { width: 48, height: 48 };
const second: SecondPass = { size, upscaler: 'lanczos', noise: 0.5, steps: 2 };

/** Root of the mean squared difference, in levels. */
function difference(a: readonly Image[], b: readonly Image[]): number {
  const squares = a.flatMap(({ data }, n) =>
    [...data].map((level, i) => (level - (b[n]?.data[i] ?? Number.NaN)) ** 2),
  );
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

const twice = await drawTwice(base, options, second);

test('enlarged pictures are drawn again as image-to-image draws them', async () => {
  const first = await textToImage(base, options);
  for (const [n, seed] of options.seeds.entries()) {
    const [picture] = first.slice(n);
    if (picture === undefined) throw new Error('no picture');
    const initial = { picture: resize(picture, size, 'lanczos'), noise: 0.5 };
    // Half of four steps are the two of the second pass.
    const [expected] = await textToImage(base, { ...options, seeds: [seed], size, initial });
    expect(twice[n]).toEqual(expected);
  }
});

test('pictures computed together begin with their own, by latents too', async () => {
  const together = await drawTwice(base, { ...options, batch: 2 }, second);
  // Kernels add up in an order that depends on the batch: a level here and there.
  expect(difference(together, twice)).toBeLessThan(1);
  const latents = { ...second, upscaler: 'latent' } as const;
  const [both, apart] = await Promise.all([
    drawTwice(base, { ...options, batch: 2 }, latents),
    drawTwice(base, options, latents),
  ]);
  expect(difference(both, apart)).toBeLessThan(1);
  expect(difference(apart, twice)).toBeGreaterThan(3);
});

test('the steps of both passes are counted on', async () => {
  const counted: DrawingProgress[] = [];
  const onStep = (progress: DrawingProgress) => counted.push(progress);
  await drawTwice(base, { ...options, onStep }, second);
  expect(counted.map(({ done }) => done)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  expect(new Set(counted.map(({ total, steps }) => `${total} ${steps}`))).toEqual(
    new Set(['12 6']),
  );
  expect(counted.map(({ picture, step }) => [picture, step])).toEqual([
    ...[1, 2, 3, 4].map((step) => [1, step]),
    ...[1, 2, 3, 4].map((step) => [2, step]),
    ...[5, 6].map((step) => [1, step]),
    ...[5, 6].map((step) => [2, step]),
  ]);
});

test('one tile is one piece, bit for bit', async () => {
  const tiles = { denoiser: 48, autoencoder: 48 };
  expect(await drawTwice(base, options, { ...second, tiles })).toEqual(twice);
});

test('what a mask keeps is the picture at the new size, to the pixel', async () => {
  const path = join(pocketFolder(), 'subjects', 'teapot', '00.png');
  const original = await decodeImage(await readFile(path), path);
  const at = (side: number) => ({
    picture: resize(original, { width: side, height: side }, 'lanczos'),
    noise: 1,
    mask: {
      ...{ width: side, height: side },
      data: Uint8Array.from({ length: side * side }, (_, i) => Number(i % side >= side / 2)),
    },
  });
  const initial = at(32);
  const [masked] = await drawTwice(
    base,
    { ...options, seeds: [3], initial },
    { ...second, initial: at(48) },
  );
  const { picture } = at(48);
  const columns = (image: Image | undefined, isKept: boolean) =>
    [...(image?.data ?? [])].filter((_, i) => Math.floor(i / 3) % 48 < 24 === isKept);
  expect(columns(masked, true)).toEqual(columns(picture, true));
  expect(columns(masked, false)).not.toEqual(columns(picture, false));
});
