import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blankImage, encodePng } from '../../data/image.ts';
import { type LoadOptions, loadPictures } from '../pictures/dataset.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-masks-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), content);
}

const blank = (level: number, width = 12, height = 12) =>
  encodePng(blankImage(width, height, [level, level, level]));

/** A picture that has a level of its own wherever one looks. */
function varied(width: number, height: number) {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 97) % 251);
  return { width, height, data };
}

const sizes = [
  { width: 64, height: 64 },
  { width: 80, height: 48 },
  { width: 48, height: 80 },
];

function load(masks: LoadOptions['masks'], part = '') {
  return loadPictures(join(folder, part), { captions: false, repeats: 1, sizes, masks });
}

describe('the mask of a picture', () => {
  test('is cut as the picture: to its bucket, by its frame and its rotation', async () => {
    for (const [name, width, height] of [
      ['wide', 410, 300],
      ['tall', 300, 411],
      ['moved', 200, 333],
    ] as const) {
      const png = await encodePng(varied(width, height));
      await put(`${name}.png`, png);
      await put(`${name}-masklabel.png`, png);
    }
    const turned = await sharp(await encodePng(varied(90, 60)))
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    await put('turned.png', turned);
    await put('turned_mask.png', turned);
    await put('dataset.json', JSON.stringify({ frames: { 'moved.png': { x: 0.4, y: 0.8 } } }));
    const { pictures, skipped } = await load({ source: 'files' });
    expect(pictures.map(({ name }) => name)).toEqual(
      ['moved', 'tall', 'turned', 'wide'].map((name) => `${name}.png`),
    );
    for (const { mask, crop } of pictures) {
      expect(mask).toEqual(crop);
    }
    expect(skipped).toEqual([]);
  });

  test('may be its transparency, of whatever kind of PNG', async () => {
    const alpha = Uint8Array.from({ length: 144 }, (_, i) => (i < 72 ? 255 : 51));
    const raw = Uint8Array.from({ length: 576 }, (_, i) =>
      i % 4 === 3 ? (alpha[(i - 3) / 4] ?? 0) : 90,
    );
    const picture = () => sharp(raw, { raw: { width: 12, height: 12, channels: 4 } });
    await put('a-deep.png', await picture().toColourspace('rgb16').png().toBuffer());
    await put('b-grey.png', await picture().toColourspace('b-w').png().toBuffer());
    await put('c-palette.png', await picture().png({ palette: true }).toBuffer());
    await put('d-opaque.png', await blank(90));
    await put('e-plain.webp', await picture().webp({ lossless: true }).toBuffer());
    const { pictures, warnings } = await load({ source: 'alpha' });
    const levels = pictures.map(({ mask }) => mask && [mask.data[0], mask.data.at(-1)]);
    expect(levels).toEqual([[255, 51], [255, 51], [255, 51], undefined, [255, 51]]);
    expect(warnings).toContain(
      'd-opaque.png: without a mask, where others have one; all of it is learned',
    );
    expect((await load({ source: 'files' })).pictures.every(({ mask }) => !mask)).toBe(true);
  });

  test('is the file before its transparency, and the first of several files', async () => {
    await put('a.png', await blank(90));
    await put('a-masklabel.png', await blank(200));
    await put('a_mask.png', await blank(100));
    await put(
      'b.png',
      await sharp({ create: { width: 12, height: 12, channels: 4, background: '#5a5a5a80' } })
        .png()
        .toBuffer(),
    );
    await put('c_mask.png', await blank(100));
    await put('d-masklabel.png', await blank(100));
    const { pictures, skipped, warnings } = await load({ source: 'auto' });
    expect(pictures.map(({ name, mask }) => [name, mask?.data[0]])).toEqual([
      ['a.png', 200],
      ['b.png', 128],
      ['c_mask.png', undefined],
    ]);
    expect(skipped.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      'a_mask.png: a mask of no picture here, or of one that has its mask already',
      'd-masklabel.png: a mask of no picture here, or of one that has its mask already',
    ]);
    expect(warnings).toContain(
      'c_mask.png: by its name a mask, of no picture here, and trained as a picture; rename or remove it',
    );
  });

  test('of a file counts by its colours, also where it is transparent', async () => {
    await put('a.png', await blank(90));
    const clear = {
      create: { width: 12, height: 12, channels: 4, background: '#64646400' },
    } as const;
    await put('a-masklabel.png', await sharp(clear).png().toBuffer());
    const { pictures } = await load({ source: 'files' });
    expect(pictures.map(({ mask }) => mask?.data[0])).toEqual([100]);
  });

  test('may lie in a folder of its own, under its own name', async () => {
    await put('images/10_dog/a.png', await blank(90));
    await put('images/1_toy/b.png', await blank(90));
    await put(
      'masks/10_dog/a.webp',
      await sharp(await blank(200))
        .webp({ lossless: true })
        .toBuffer(),
    );
    await put('masks/1_toy/b.png', await blank(100));
    await put('masks/1_toy/c.png', await blank(100));
    const { pictures, skipped } = await load(
      { source: 'files', folder: join(folder, 'masks') },
      'images',
    );
    expect(pictures.map(({ mask }) => mask?.data[0])).toEqual([200, 100]);
    expect(skipped.map(({ name }) => name)).toEqual([join(folder, 'masks', '1_toy', 'c.png')]);
    const nowhere = load({ source: 'files', folder: join(folder, 'nowhere') }, 'images');
    await expect(nowhere).rejects.toMatchObject({ code: 'FOLDER_MISSING' });
  });

  test('is refused by its name where it cannot be meant', async () => {
    await put('a.png', await blank(90, 12, 10));
    for (const [mask, code] of [
      [await blank(255, 10, 12), 'MASK_SIZE'],
      [await blank(0, 12, 10), 'MASK_BLACK'],
      [Buffer.from('no picture'), 'IMAGE_UNREADABLE'],
    ] as const) {
      await put('a-masklabel.png', mask);
      await expect(load({ source: 'files' })).rejects.toMatchObject({
        code,
        message: expect.stringContaining(join(folder, 'a-masklabel.png')),
      });
    }
    await put(
      'b/a.png',
      await sharp({ create: { width: 12, height: 12, channels: 4, background: '#0000' } })
        .png()
        .toBuffer(),
    );
    await expect(load({ source: 'alpha' }, 'b')).rejects.toMatchObject({ code: 'MASK_BLACK' });
  });
});
