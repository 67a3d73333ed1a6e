import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blankImage, encodePng } from '../../data/image.ts';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { openSafetensors } from '../../storage/weights/safetensors-file.ts';
import { elementCount, float32, type Shape } from '../../tensor/tensor.ts';
import { type Dataset, type EncodedPicture, loadPictures } from './dataset.ts';
import { datasetOf, datasetTensors } from './dataset-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-dataset-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a picture is cut to the size of its proportions, and its framing says from where', async () => {
  const pictures = join(folder, '3_dog');
  await mkdir(pictures);
  for (const [name, [width, height]] of Object.entries({
    'a.png': [400, 300],
    'b.png': [300, 400],
    'c.png': [50, 52],
  } as const)) {
    await writeFile(join(pictures, name), await encodePng(blankImage(width, height)));
  }
  const sizes = [
    { width: 64, height: 64 },
    { width: 80, height: 48 },
    { width: 48, height: 80 },
  ];
  const loaded = await loadPictures(pictures, { captions: false, repeats: 1, sizes });
  const framings = loaded.pictures.map(({ framing, crop }) => {
    expect([crop.width, crop.height]).toEqual([framing.target.width, framing.target.height]);
    return framing;
  });
  // 4 : 3 is nearer to 5 : 3 (by 1.25) than to 1 : 1 (by 1.33): 80 x 60, of which 48 rows are left.
  expect(framings).toEqual([
    { original: { width: 400, height: 300 }, crop: { top: 6, left: 0 }, target: sizes[1] },
    { original: { width: 300, height: 400 }, crop: { top: 0, left: 6 }, target: sizes[2] },
    { original: { width: 50, height: 52 }, crop: { top: 1, left: 0 }, target: sizes[0] },
  ]);
});

test('an unknown word in the braces of a caption is refused, with the picture', async () => {
  const pictures = join(folder, 'captioned');
  await mkdir(pictures);
  await writeFile(join(pictures, 'a.png'), await encodePng(blankImage(64, 64)));
  await writeFile(join(pictures, 'a.txt'), 'a {subjet} on grass');
  const options = { captions: true, repeats: 1, sizes: [{ width: 64, height: 64 }] };
  await expect(loadPictures(pictures, options)).rejects.toThrow(
    `${join(pictures, 'a.png')}: its caption "a {subjet} on grass": {subjet} stands for nothing; did you mean "{subject}"?`,
  );
});

test('a dataset with pictures of several sizes is the same after it was in a file', async () => {
  const filled = (shape: Shape, value: number) =>
    float32(shape, new Float32Array(elementCount(shape)).fill(value));
  const picture = (width: number, height: number, text: number): EncodedPicture => ({
    mean: filled([1, 4, height / 4, width / 4], text),
    deviation: filled([1, 4, height / 4, width / 4], text + 0.5),
    framing: {
      original: { width: 7 * width, height: 8 * height },
      crop: { top: 3, left: text },
      target: { width, height },
    },
    text,
    repeats: 1 + text,
  });
  const texts = [0, 1].map((value) => ({
    states: filled([1, 2, 3], value),
    pooled: undefined,
  }));
  const dataset: Dataset = {
    subject: { pictures: [picture(64, 64, 0), picture(80, 48, 1), picture(48, 80, 0)], texts },
    prior: { pictures: [picture(80, 48, 0)], texts: texts.slice(0, 1) },
  };
  const path = join(folder, 'dataset.safetensors');
  await writeFile(path, encodeSafetensors(datasetTensors(dataset)));
  const tensors = await (await openSafetensors(path)).readAll();
  expect(datasetOf(tensors, path)).toEqual(dataset);
});
