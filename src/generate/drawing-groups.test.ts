import { expect, test } from 'vitest';
import { drawingGroups } from './drawing-groups.ts';
import { generateSchema } from './generate-options.ts';
import type { PlannedPrompt } from './prompts/planned-prompt.ts';
import { SheetPictures } from './result-sheet.ts';

const fixed = (text: string): PlannedPrompt => ({ text, varies: false, of: () => text });

const groups = (prompts: readonly (string | PlannedPrompt)[], settings: object) => {
  const config = generateSchema.parse({ out: 'pictures', ...settings });
  const planned = prompts.map((each) => (typeof each === 'string' ? fixed(each) : each));
  return [...drawingGroups({ config, prompts: planned })];
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

test('pictures whose choices are alike are drawn together, and belong to one prompt', () => {
  const of = (seed: number) => (seed < 2 || seed === 3 ? 'red' : 'blue');
  const varied = { text: '{red|blue}', varies: true, of };
  const found = groups(['a', varied], { count: 5 });
  expect(found.map(({ asked, isFirstOfPrompt, ...group }) => group)).toEqual([
    { prompt: 'a', seeds: [0, 1, 2, 3, 4], before: 0 },
    { prompt: 'red', seeds: [0, 1], before: 5 },
    { prompt: 'blue', seeds: [2], before: 7 },
    { prompt: 'red', seeds: [3], before: 8 },
    { prompt: 'blue', seeds: [4], before: 9 },
  ]);
  expect(found.map(({ isFirstOfPrompt }) => isFirstOfPrompt)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(new Set(found.map(({ asked }) => asked))).toEqual(new Set(['a', '{red|blue}']));
});

test('a batch is never cut, and the largest seed is reached', () => {
  expect(groups(['a'], { count: 200, batchSize: 100 }).map(({ seeds }) => seeds.length)).toEqual([
    100, 100,
  ]);
  const most = Number.MAX_SAFE_INTEGER;
  expect(groups(['a'], { count: 2, seed: most - 1 })[0]?.seeds).toEqual([most - 1, most]);
});

test('a sheet shows the first pictures of every prompt, as many as fit it', () => {
  const prompts = ['a', 'b'].map(fixed);
  const image = { width: 4096, height: 2048, data: new Uint8Array() };
  const onSheet = new SheetPictures({ size: image, second: undefined, prompts });
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
