import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pocketFolder } from '../../src/data/pocket.ts';
import { openBenchmark } from '../../src/experiments/benchmark/open-benchmark.ts';
import { smallDreamBench, write } from './small-dreambench.ts';

let folder = '';
let copy = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-benchmark-'));
  copy = join(folder, 'copy');
  await write(copy, await smallDreamBench());
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the bundled benchmark', () => {
  test('opens by its name, wholly or some subjects of it in its order', async () => {
    const { name, subjects, prompts } = await openBenchmark('pocket');
    expect([name, subjects.length, prompts.object.length, prompts.live.length]).toEqual([
      'pocket',
      40,
      25,
      25,
    ]);
    expect(subjects.every(({ images }) => images.length === 5)).toBe(true);
    const some = await openBenchmark('pocket', { subjects: ['teapot', 'cat'] });
    expect(some.subjects.map((subject) => subject.name)).toEqual(['cat', 'teapot']);
  });

  test('needs no copy of its pictures, and takes no other prompts', async () => {
    const { subjects } = await openBenchmark('pocket', { pictures: copy, subjects: ['cat'] });
    expect(subjects[0]?.images[0]).toBe(join(pocketFolder(), 'subjects/cat/00.png'));
    await expect(openBenchmark('pocket', { prompts: 'prompts.txt' })).rejects.toMatchObject({
      code: 'SETTING_UNUSED',
    });
  });
});

describe('DreamBench', () => {
  test('opens on a copy of its pictures', async () => {
    const { subjects, prompts } = await openBenchmark('dreambench', { pictures: copy });
    expect(subjects).toHaveLength(30);
    expect(prompts.live).toHaveLength(25);
    expect(subjects.find(({ name }) => name === 'bear_plushie')).toEqual({
      name: 'bear_plushie',
      className: 'stuffed animal',
      type: 'object',
      phrase: 'sks stuffed animal',
      images: [0, 1, 2, 3, 4].map((i) => join(copy, `dataset/bear_plushie/0${i}.jpg`)),
    });
  });

  test('without a copy says how to get one', async () => {
    await expect(openBenchmark('dreambench')).rejects.toMatchObject({
      code: 'DREAMBENCH_FOLDER',
      message: expect.stringMatching(/fetch them and give the folder as `pictures`/),
    });
  });

  test('needs only the subjects that are asked for', async () => {
    await rm(join(copy, 'dataset', 'clock'), { recursive: true });
    await rm(join(copy, 'dataset', 'rc_car', '00.jpg'));
    const { subjects } = await openBenchmark('dreambench', { pictures: copy, subjects: ['dog6'] });
    expect(subjects).toHaveLength(1);
    await expect(openBenchmark('dreambench', { pictures: copy })).rejects.toMatchObject({
      code: 'DREAMBENCH_PICTURES',
      message: expect.stringMatching(
        /no folder for clock\n.*rc_car: expected 5 pictures, found 4$/s,
      ),
    });
  });

  test('refuses a name that it does not have, with the nearest', async () => {
    const opening = openBenchmark('dreambench', { pictures: copy, subjects: ['dog6', 'wase'] });
    await expect(opening).rejects.toMatchObject({
      code: 'SUBJECT_UNKNOWN',
      message: 'dreambench has no subject "wase"; did you mean "vase"?',
    });
  });
});

describe('a file of subjects', () => {
  const images = join(pocketFolder(), 'subjects');
  const write = async (name: string, content: unknown): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const list = () => [
    { name: 'pot', class: 'teapot', subject: 'zwx teapot', images: join(images, 'teapot') },
    { name: 'cat', class: 'cat', type: 'live', images: join(images, 'cat') },
    { name: 'none', class: 'dog', images: 'no-such-folder' },
  ];

  test('is a benchmark with the prompts given, or those beside it', async () => {
    const path = await write('mine.json', list());
    const subjects = ['pot', 'cat'];
    await expect(openBenchmark(path, { subjects })).rejects.toMatchObject({
      code: 'PROMPTS_MISSING',
      message: expect.stringContaining('prompts.json or prompts.txt'),
    });
    const prompts = await write('others.txt', 'a {} in a box\n');
    const given = await openBenchmark(path, { subjects, prompts });
    expect(given).toMatchObject({
      name: path,
      prompts: { object: ['a {} in a box'], live: ['a {} in a box'] },
      subjects: [
        { name: 'pot', className: 'teapot', type: 'object', phrase: 'zwx teapot' },
        { name: 'cat', className: 'cat', type: 'live', phrase: 'cat' },
      ],
    });
    expect(given.subjects[0]?.images).toHaveLength(5);
    await write('prompts.txt', 'a {} on a box\n');
    expect((await openBenchmark(path, { subjects })).prompts.live).toEqual(['a {} on a box']);
  });

  test('needs the pictures of the subjects that are asked for', async () => {
    const path = await write('mine.json', list());
    await expect(openBenchmark(path)).rejects.toMatchObject({ code: 'FOLDER_MISSING' });
    await expect(openBenchmark(path, { subjects: ['pott'] })).rejects.toMatchObject({
      code: 'SUBJECT_UNKNOWN',
      message: expect.stringContaining('mine.json has no subject "pott"; did you mean "pot"?'),
    });
  });

  test('is refused where it is none', async () => {
    const path = await write('wrong.json', [{ name: 'pot' }]);
    await expect(openBenchmark(path)).rejects.toMatchObject({ code: 'SUBJECTS_FILE' });
    const missing = openBenchmark(join(folder, 'missing.json'));
    await expect(missing).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(openBenchmark('dreambnch')).rejects.toMatchObject({
      code: 'BENCHMARK_UNKNOWN',
      message: expect.stringContaining('got "dreambnch"; did you mean "dreambench"?'),
    });
  });
});
