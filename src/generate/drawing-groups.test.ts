import { expect, test } from 'vitest';
import { drawingGroups } from './drawing-groups.ts';
import { generateSchema } from './generate-options.ts';
import { SheetPictures } from './result-sheet.ts';

const groups = (prompts: readonly string[], settings: object) => {
  const config = generateSchema.parse({ out: 'pictures', ...settings });
  return [...drawingGroups({ config, prompts })];
};

test('every seed of every prompt is in one group, whole batches together', () => {
  const found = groups(['a', 'b'], { count: 150, batchSize: 10, seed: 7 });
  expect(found.map(({ prompt, seeds, before }) => [prompt, seeds.length, before])).toEqual([
    ['a', 60, 0],
    ['a', 60, 60],
    ['a', 30, 120],
    ['b', 60, 150],
    ['b', 60, 210],
    ['b', 30, 270],
  ]);
  expect(found.filter(({ isFirstOfPrompt }) => isFirstOfPrompt)).toHaveLength(2);
  const ofA = found.filter(({ prompt }) => prompt === 'a').flatMap(({ seeds }) => seeds);
  expect(ofA).toEqual(Array.from({ length: 150 }, (_, i) => 7 + i));
});

test('a batch is never cut, and the largest seed is reached', () => {
  expect(groups(['a'], { count: 200, batchSize: 100 }).map(({ seeds }) => seeds.length)).toEqual([
    100, 100,
  ]);
  const most = Number.MAX_SAFE_INTEGER;
  expect(groups(['a'], { count: 2, seed: most - 1 })[0]?.seeds).toEqual([most - 1, most]);
});

test('a sheet shows the first pictures of every prompt, as many as fit it', () => {
  const prompts = ['a', 'b'];
  const image = { width: 4096, height: 2048, data: new Uint8Array() };
  const onSheet = new SheetPictures({ size: image, prompts });
  const config = generateSchema.parse({ out: 'pictures', count: 100 });
  for (const group of drawingGroups({ config, prompts })) {
    onSheet.add(
      group,
      group.seeds.map(() => image),
    );
  }
  // 2^26 pixels are eight of these.
  expect(onSheet.count).toBe(8);
  expect(onSheet.drawn.map(({ prompt, images }) => [prompt, images.length])).toEqual([
    ['a', 4],
    ['b', 4],
  ]);
});
