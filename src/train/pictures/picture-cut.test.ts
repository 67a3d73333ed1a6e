import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { bucketSizes } from '../../data/buckets.ts';
import type { Place, Size } from '../../data/cover.ts';
import { decodeImage } from '../../data/image.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { loadPictures } from './dataset.ts';
import { movedFrames } from './moved-frames.ts';
import { enlargement, keptShare, pictureCut } from './picture-cut.ts';

/** Red tells the column, green the row, each in 256ths of the side. */
function ruled(width: number, height: number): Buffer {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[3 * (y * width + x)] = (256 * (x + 0.5)) / width;
      data[3 * (y * width + x) + 1] = (256 * (y + 0.5)) / height;
    }
  }
  return data;
}

const square = [{ width: 64, height: 64 }];
const buckets = bucketSizes(64, 8);

test.each<[string, number, number, readonly Size[], number, Place?]>([
  ['a square', 128, 128, square, 1],
  ['a wide one', 300, 128, square, 1],
  ['a high one', 97, 211, square, 1],
  ['a small one', 40, 30, square, 1],
  ['a wide one in buckets', 300, 128, buckets, 1],
  ['a high one in buckets', 97, 211, buckets, 1],
  ['one that a camera lay on its side for', 300, 128, square, 6],
  ['one upside down, in buckets', 211, 97, buckets, 3],
  ['one whose frame was moved', 300, 128, square, 1, { x: 0.3, y: 0.5 }],
  ['one moved as far as its edge', 97, 211, square, 1, { x: 0.1, y: 1 }],
  ['a lying one that was moved, in buckets', 300, 128, buckets, 6, { x: 0, y: 0 }],
])(
  'the part that is shown of %s is the one that is trained',
  async (_, width, height, sizes, orientation, moved) => {
    const folder = mkdtempSync(join(tmpdir(), 'krona-cut-'));
    try {
      const path = join(folder, 'ruled.png');
      const upright = { raw: { width, height, channels: 3 } } as const;
      // Orientation 6 is shown turned to the right: the file holds it turned to the left.
      const degrees = { 1: 0, 3: 180, 6: 270 }[orientation] ?? 0;
      const png = await sharp(ruled(width, height), upright).rotate(degrees).png().toBuffer();
      writeFileSync(path, await sharp(png).withMetadata({ orientation }).png().toBuffer());
      const frames = moved && { 'ruled.png': moved };
      writeFileSync(join(folder, 'dataset.json'), JSON.stringify({ name: 'ruled', frames }));
      const { pictures, skipped } = await loadPictures(folder, {
        captions: false,
        repeats: 1,
        sizes,
      });
      expect(skipped).toEqual([]);
      const crop = pictures[0]?.crop;
      const image = await decodeImage(await readBytes(path), path);
      const { part, target } = pictureCut(image, sizes, moved);
      expect([image.width, image.height]).toEqual([width, height]);
      expect(crop).toMatchObject(target);
      if (crop === undefined) return;
      // What stands in the middle pixels of the crop's edges says where in the picture they were.
      const level = (x: number, y: number, channel: number) =>
        crop.data[3 * (y * crop.width + x) + channel] ?? 0;
      const middle = { x: Math.floor(crop.width / 2), y: Math.floor(crop.height / 2) };
      const found = {
        left: level(1, middle.y, 0),
        right: level(crop.width - 2, middle.y, 0),
        top: level(middle.x, 1, 1),
        bottom: level(middle.x, crop.height - 2, 1),
      };
      const across = (pixel: number) =>
        (256 * (part.x + (pixel * part.width) / crop.width)) / width;
      const down = (pixel: number) =>
        (256 * (part.y + (pixel * part.height) / crop.height)) / height;
      const expected = {
        left: across(1.5),
        right: across(crop.width - 1.5),
        top: down(1.5),
        bottom: down(crop.height - 1.5),
      };
      for (const side of ['left', 'right', 'top', 'bottom'] as const) {
        // Levels are cut and rounded three times.
        expect(Math.abs(found[side] - expected[side]), side).toBeLessThan(2);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

test('frames that are none are refused; a file of another tool is not asked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'krona-frames-'));
  const say = (text: string) => writeFileSync(join(folder, 'dataset.json'), text);
  try {
    for (const others of ['[{"file": "a.png"}]', '{"name": 3', '{"images": {}}']) {
      say(others);
      expect(await movedFrames(folder)).toEqual({});
    }
    for (const broken of [[], { 'a.png': 1 }, { 'a.png': { x: 2, y: 0 } }]) {
      say(JSON.stringify({ frames: broken }));
      await expect(movedFrames(folder)).rejects.toMatchObject({ code: 'FRAMES_INVALID' });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('how much is enlarged and how much is left', () => {
  const target = { width: 512, height: 512 };
  expect(enlargement({ width: 256, height: 400 }, target)).toBe(2);
  expect(enlargement({ width: 1024, height: 2048 }, target)).toBe(0.5);
  expect(keptShare({ width: 1024, height: 2048 }, target)).toBe(0.5);
});
