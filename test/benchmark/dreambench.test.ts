import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkDreamBench } from '../../src/experiments/benchmark/check-dreambench.ts';
import { type DreamBench, readDreamBench } from '../../src/experiments/benchmark/dreambench.ts';
import { openPocketBench } from '../../src/experiments/benchmark/pocketbench.ts';
import { countPictures } from '../../src/experiments/benchmark/protocol.ts';
import { jsonLines } from '../cli/terminal.ts';
import { dreambench, smallDreamBench, smallPicture, write } from './small-dreambench.ts';

let bench: DreamBench;
let files: ReadonlyMap<string, Uint8Array>;
let home: string;
beforeAll(async () => {
  bench = await readDreamBench();
  files = await smallDreamBench();
  home = mkdtempSync(join(tmpdir(), 'krona-dreambench-'));
});
afterAll(() => rmSync(home, { recursive: true }));

describe('DreamBench', () => {
  test('has the subjects that the paper counts', () => {
    const { subjects } = bench;
    expect(subjects).toHaveLength(30);
    expect(new Set(subjects.map(({ name }) => name)).size).toBe(30);
    expect(new Set(subjects.map(({ className }) => className)).size).toBe(15);
    expect(subjects.reduce((sum, { pictures }) => sum + pictures, 0)).toBe(158);
    const live = subjects.filter(({ type }) => type === 'live');
    expect(live).toHaveLength(9);
    expect(new Set(live.map(({ className }) => className))).toEqual(new Set(['cat', 'dog']));
  });

  test('has 25 prompts of either type, of which 15 are the same', () => {
    const { object, live } = bench.prompts;
    expect([new Set(object).size, new Set(live).size]).toEqual([25, 25]);
    expect(object.filter((prompt) => live.includes(prompt))).toHaveLength(15);
    for (const prompt of [...object, ...live]) expect(prompt.split('{}')).toHaveLength(2);
    expect(object).toContain('a {} with the Eiffel Tower in the background');
    expect(live).toContain('a {} in a purple wizard outfit');
    expect(live.at(-1)).toBe('a cube shaped {}');
  });

  test('asks for 3000 pictures', () => {
    expect(countPictures(bench)).toBe(3000);
  });

  test('names the maker of every picture once', () => {
    const credited = Object.values(bench.pictures.credits).flat().sort();
    expect(credited).toEqual(bench.subjects.map(({ name }) => name).sort());
  });

  test('has a counterpart of the bundled subjects, with the same protocol', async () => {
    const pocket = await openPocketBench();
    expect(pocket.subjects).toHaveLength(40);
    expect(pocket.subjects.find(({ name }) => name === 'teapot')).toMatchObject({
      phrase: 'sks teapot',
      type: 'object',
    });
    expect(countPictures(pocket)).toBe(40 * 25 * 4);
  });
});

describe('krona dreambench list', () => {
  test('shows the subjects, and with --prompts the prompts by their numbers', async () => {
    const { code, out } = await dreambench(['list', '--prompts']);
    expect(code).toBe(0);
    expect(out).toMatch(/^wolf_plushie +stuffed animal +object +5$/m);
    expect(out).toMatch(/^11 +a \{\} with a wheat field .* a \{\} wearing a red hat$/m);
    expect(out).toContain('30 subjects of 15 classes, 158 pictures; 25 prompts for each');
    expect(out).toContain('3,000\n');
    expect((await dreambench(['list'])).out).not.toContain('wheat');
  });

  test('gives programs everything', async () => {
    const data = JSON.parse((await dreambench(['list', '--json'])).out);
    expect(data).toMatchObject({ picturesPerPrompt: 4, pictures: { hub: 'google/dreambooth' } });
    expect(data.subjects).toHaveLength(30);
  });
});

describe('checking a copy', () => {
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(home, 'copy-'));
    await write(folder, files);
  });

  test('finds nothing wrong with a whole one, in either layout', async () => {
    const whole = await checkDreamBench(folder);
    expect(whole).toMatchObject({ root: join(folder, 'dataset'), findings: [] });
    expect(whole.complete).toHaveLength(30);
    const inner = await checkDreamBench(join(folder, 'dataset'));
    expect(inner).toEqual(whole);
    const { code, out } = await dreambench(['check', folder]);
    expect({ code, out }).toEqual({
      code: 0,
      out: `${join(folder, 'dataset')}: 30 subjects complete\n`,
    });
  });

  test('names what lacks, what is too much and what cannot be read', async () => {
    const root = join(folder, 'dataset');
    await rm(join(root, 'teapot'), { recursive: true });
    await rm(join(root, 'dog', '02.jpg'));
    await writeFile(join(root, 'vase', '06.jpg'), await smallPicture(1));
    const cut = (await smallPicture(2)).subarray(0, 300);
    await writeFile(join(root, 'can', '03.jpg'), cut);
    await writeFile(join(root, 'cat', '04.jpg'), 'no picture');
    await mkdir(join(root, 'tea_pot'));
    const { findings, complete } = await checkDreamBench(folder);
    const [can, cat, dog, teapot, vase, extra] = findings;
    const shared = { kind: 'wrong number of pictures' };
    expect(can).toMatchObject({ kind: 'unreadable picture', file: join(root, 'can', '03.jpg') });
    expect(cat).toMatchObject({ kind: 'unreadable picture', subject: 'cat' });
    expect(dog).toMatchObject({ ...shared, subject: 'dog', expected: 5, found: 4 });
    expect(teapot).toMatchObject({ kind: 'subject missing', subject: 'teapot' });
    expect(vase).toMatchObject({ ...shared, subject: 'vase', expected: 6, found: 7 });
    expect(extra).toMatchObject({ kind: 'extra folder', name: 'tea_pot' });
    expect(findings).toHaveLength(6);
    expect(complete).toHaveLength(25);

    const { code, out, err } = await dreambench(['check', folder]);
    expect(code).toBe(1);
    expect(out).toContain('no folder for teapot\n');
    expect(out).toContain(`${join(root, 'dog')}: expected 5 pictures, found 4\n`);
    expect(out).toContain(`${join(root, 'can', '03.jpg')} is not a readable picture`);
    expect(out).toContain('tea_pot: no subject of DreamBench; did you mean "teapot"?\n');
    expect(err).toContain(`5 faults; move what is half there away`);
    expect(err).toContain('[DREAMBENCH_PICTURES]');
  });

  test('takes a link to nothing for an unreadable picture', async () => {
    const path = join(folder, 'dataset', 'dog6', '00.jpg');
    await rm(path);
    await symlink(join(folder, 'nowhere.jpg'), path);
    const { findings } = await checkDreamBench(folder, { subjects: ['dog6'] });
    expect(findings).toMatchObject([{ kind: 'unreadable picture', file: path }]);
  });

  test('is content with a folder too much', async () => {
    await mkdir(join(folder, 'dataset', 'mine'));
    expect(await dreambench(['check', folder, '--quiet'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('mine: no subject of DreamBench\n'),
    });
  });

  test('looks only at the subjects asked for', async () => {
    await rm(join(folder, 'dataset', 'dog'), { recursive: true });
    const argv = ['check', folder, '--subjects', 'dog6,teapot', '--subjects', 'vase', '--json'];
    const { code, out } = await dreambench(argv);
    expect(code).toBe(0);
    expect(jsonLines(out).at(-1)).toMatchObject({
      type: 'dreambench',
      complete: ['dog6', 'teapot', 'vase'],
      findings: [],
    });
    expect(await dreambench(['check', folder, '--subjects', 'dog4'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /has no subject "dog4"; did you mean "dog\d?"\? \[SUBJECT_UNKNOWN/,
      ),
    });
    expect(await dreambench(['check', folder, '--subjects', ','])).toMatchObject({
      code: 2,
      err: expect.stringContaining('[SUBJECTS_EMPTY]'),
    });
  });

  test('says in one line that there is nothing of it', async () => {
    const { code, out } = await dreambench(['check', join(folder, 'no-such')]);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^no folder for 30 subjects: backpack, .*wolf_plushie\n.*: 0 subjects complete\n$/,
    );
  });
});
