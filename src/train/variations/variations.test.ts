import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import { mirrored } from '../../data/cover.ts';
import { encodePng } from '../../data/image.ts';
import { float32 } from '../../tensor/tensor.ts';
import { type Concept, type EncodedPicture, loadPictures } from '../pictures/dataset.ts';
import { shownSample } from './shown-sample.ts';

let folder: string;
const whole = {
  width: 100,
  height: 64,
  data: Uint8Array.from({ length: 3 * 6400 }, (_, i) => (i * 89) % 253),
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-views-'));
  const png = await encodePng(whole);
  for (const name of ['a.png', 'a-masklabel.png', 'b.png', 'b_mask.png']) {
    await writeFile(join(folder, name), png);
  }
  const frames = { frames: { 'b.png': { x: 0.9, y: 0.5 } } };
  await writeFile(join(folder, 'dataset.json'), JSON.stringify(frames));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A part of the picture, which is as high as its training size. */
function partAt(left: number) {
  const data = new Uint8Array(3 * 64 * 64);
  for (let y = 0; y < 64; y++) {
    const from = 3 * (y * 100 + left);
    data.set(whole.data.subarray(from, from + 3 * 64), 3 * 64 * y);
  }
  return data;
}

async function views(flip: boolean, randomCrops: number | undefined, seed = 3) {
  const generator = new TorchGenerator(seed);
  const { pictures } = await loadPictures(folder, {
    ...{ captions: false, repeats: 1, sizes: [{ width: 64, height: 64 }] },
    ...{ masks: { source: 'files' }, views: { flip, randomCrops, generator } },
  });
  return pictures.map(({ others, ...first }) => [first, ...others]);
}

describe('the views of a picture', () => {
  test('are its middle and random places, each once, and where they begin is told; a frame moved by hand is the only one', async () => {
    const [own = [], moved = []] = await views(false, 5);
    expect(own.map(({ framing }) => framing.crop.left)[0]).toBe(18);
    expect(own.length).toBeGreaterThan(3);
    const lefts = own.map(({ framing }) => framing.crop.left);
    expect(new Set(lefts).size).toBe(own.length);
    expect(Math.max(...lefts)).toBeLessThanOrEqual(36);
    for (const { crop, framing } of [...own, ...moved]) {
      expect(framing.crop.top).toBe(0);
      expect(crop.data).toEqual(partAt(framing.crop.left));
    }
    expect(moved.map(({ framing }) => framing.crop.left)).toEqual([36]);
    const again = (await views(false, 5))[0]?.map(({ framing }) => framing.crop.left);
    expect(again).toEqual(lefts);
    const other = (await views(false, 5, 4))[0]?.map(({ framing }) => framing.crop.left);
    expect(other).not.toEqual(lefts);
  });

  test('are there in a mirror too, with the crop counted from its left, and masks as the pictures', async () => {
    for (const own of await views(true, 2)) {
      const half = own.length / 2;
      own.slice(0, half).forEach((view, i) => {
        const flipped = own[half + i];
        expect(flipped?.crop.data).toEqual(mirrored(view.crop).data);
        expect(flipped?.crop.data.subarray(0, 3)).toEqual(view.crop.data.subarray(189, 192));
        expect(flipped?.framing.crop.left).toBe(100 - 64 - view.framing.crop.left);
        expect(flipped?.framing.original).toEqual({ width: 100, height: 64 });
      });
      for (const { crop, mask } of own) expect(mask?.data).toEqual(crop.data);
    }
    expect((await views(false, undefined)).map(({ length }) => length)).toEqual([1, 1]);
  });
});

describe('a sample', () => {
  const view = (value: number) => ({
    ...{ mean: float32([1], [value]), deviation: float32([1]) },
    framing: {
      ...{ original: { width: 1, height: 1 }, target: { width: 1, height: 1 } },
      crop: { top: 0, left: 0 },
    },
  });
  const texts = [0, 1, 2].map((value) => ({ states: float32([1], [value]), pooled: undefined }));
  const plain: EncodedPicture = { ...view(0), text: 1, repeats: 1 };

  test('of one view and one text draws nothing', () => {
    const generator = new TorchGenerator(5);
    const before = generator.state();
    const shown = shownSample({ pictures: [plain], texts }, plain, {
      ...{ captionDropout: 0, generator },
    });
    expect(shown).toEqual({ view: plain, text: texts[1] });
    expect(generator.state()).toEqual(before);
  });

  test('has each view and each text as often as the others, and none as often as is asked for', () => {
    const picture = { ...plain, others: [view(1)], otherTexts: [2] };
    const concept: Concept = { pictures: [picture], texts, emptyText: 0 };
    const generator = new TorchGenerator(5);
    const counts = new Map<number, number>();
    const draws = 2000;
    const count = (key: number) => counts.set(key, (counts.get(key) ?? 0) + 1 / draws);
    for (let i = 0; i < draws; i++) {
      const sample = shownSample(concept, picture, { captionDropout: 0.2, generator });
      count(10 + Number(sample.view.mean.data[0]));
      if ('states' in sample.text) count(Number(sample.text.states.data[0]));
    }
    // Three standard deviations of 2000 draws are 0.034.
    for (const [key, share] of [
      [10, 0.5],
      [11, 0.5],
      [0, 0.2],
      [1, 0.4],
      [2, 0.4],
    ] as const) {
      expect(Math.abs((counts.get(key) ?? 0) - share)).toBeLessThan(0.034);
    }
    const always = { captionDropout: 1, generator };
    for (let i = 0; i < 20; i++) {
      expect(shownSample(concept, picture, always).text).toBe(texts[0]);
    }
  });
});
