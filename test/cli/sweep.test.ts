import { mkdtempSync, rmSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pocketFolder } from '../../src/data/pocket.ts';
import { resultsSchema } from '../../src/experiments/sweep/run/results.ts';
import { smallModel } from '../browser/small-model.ts';
import { startKrona } from '../programs/start.ts';
import { bundledReal } from './bundled-real.ts';
import { jsonLines, krona } from './terminal.ts';

let folder = '';
let spec = '';

const content = `
title: small
base: ${JSON.stringify(await smallModel())}
subjects: [teapot, dog]
clip: pocket
dino: pocket
prompts: [2, 3]
train: { steps: 3, batchSize: 1 }
draw: { count: 1, steps: 2 }
drift: false
cases:
  - name: KronA
    train: { adapter: krona, adapterOptions: { a2: 16 } }
    vary: { adapter.a1: [4, 8], draw.guidance: [3, 5] }
  - name: base
    adapted: false
show:
  - kind: table
  - { kind: pictures, subjects: [dog], prompts: [3] }
`;

/** Some of the same variants. */
const part = content
  .replace('title: small', 'title: part')
  .replace('adapter.a1: [4, 8], draw.guidance: [3, 5]', 'adapter.a1: [8], draw.guidance: [5]');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-sweep-'));
  spec = join(folder, 'small.yaml');
  await writeFile(spec, content);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where a sweep of a test keeps everything. */
const places = (name: string) => [
  ...['--store', join(folder, name, 'store'), '--work', join(folder, name, 'work')],
  ...['--results', join(folder, name, 'results')],
];
const rows = async (name: string, sweep = 'small') =>
  await readFile(join(folder, name, 'results', `${sweep}.csv`), 'utf8');
const results = async (name: string, sweep = 'small') =>
  resultsSchema.parse(
    JSON.parse(await readFile(join(folder, name, 'results', `${sweep}.json`), 'utf8')),
  );
const resultFiles = async (name: string) => await readdir(join(folder, name, 'store', 'results'));

describe('krona sweep', () => {
  test('says what it would do', async () => {
    const { code, out, err } = await krona(['sweep', spec, '--plan']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('10: 5 variants on each subject and seed');
    // Two sizes on two subjects; what is drawn with two strengths of guidance is trained once.
    expect(out).toContain('4 trainings, 12 steps; 20 pictures');
    expect(out).toMatch(/KronA, a1 8, guidance 5 +4,352/);
  });

  test('measures every variant on every subject, and writes rows, results and pictures', async () => {
    const { code, out, err } = await krona(['sweep', spec, ...places('whole'), '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const events = jsonLines(out);
    expect(events[0]).toMatchObject({ type: 'planned', cells: 10, found: 0 });
    expect(events.filter(({ type }) => type === 'done')).toHaveLength(6);
    const { cells, missing, variants, sheet, subjects } = await results('whole');
    expect(missing).toEqual([]);
    expect(cells).toHaveLength(10);
    expect(variants.map(({ parameters }) => parameters)).toEqual([2560, 2560, 4352, 4352, 0]);
    expect(variants[3]?.settings).toMatchObject({ train: { steps: 3 }, draw: { guidance: 5 } });
    expect(subjects.map(({ name }) => name)).toEqual(['teapot', 'dog']);
    expect(subjects[0]?.real.dino).toBeCloseTo((await bundledReal()).dino, 4);
    // Five real pictures of the dog, and one of each variant.
    expect(sheet).toMatchObject({ width: 64, height: 64 });
    expect([sheet?.real.length, sheet?.pictures.length]).toEqual([5, 5]);
    const lines = (await rows('whole')).trimEnd().split('\n');
    expect(lines).toHaveLength(1 + 10 * 2);
    expect(lines[0]).toMatch(
      /^variant,adapter.a1,draw.guidance,parameters,subject,type,seed,prompt/,
    );
  });

  test('does nothing twice, and gives other sweeps what they share', async () => {
    const again = await krona(['sweep', spec, ...places('whole'), '--json']);
    expect(jsonLines(again.out)[0]).toMatchObject({ found: 10, tasks: [] });
    const other = join(folder, 'other.yaml');
    const two = part.replace('draw.guidance: [5]', 'draw.guidance: [5, 7]');
    await writeFile(other, two.replace('title: part', 'title: other'));
    const { out } = await krona(['sweep', other, ...places('whole'), '--json']);
    // Of every training only the pictures of guidance 7 are new; the training is there.
    expect(jsonLines(out)[0]).toMatchObject({ cells: 6, found: 4 });
    expect(jsonLines(out).some(({ progress }) => Object(progress).stage === 'training')).toBe(
      false,
    );
  });

  test('killed in the middle and started again with two workers, it ends with the same rows', async () => {
    const path = join(folder, 'part.yaml');
    await writeFile(path, part);
    const argv = ['sweep', path, ...places('killed'), '--workers'];
    const { process: child, ended } = startKrona(
      [...argv, '1', '--json'],
      ['ignore', 'pipe', 'inherit'],
    );
    // In the middle: something is done, something is not.
    const isDone = new Promise<void>((resolve) => {
      child.stdout?.on('data', (text) => String(text).includes('"type":"done"') && resolve());
    });
    await Promise.race([isDone, ended]);
    child.kill('SIGKILL');
    await ended;
    const done = await resultFiles('killed');
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(4);
    const { code } = await krona([...argv, '2', '--quiet']);
    expect(code).toBe(0);
    const [header, ...whole] = (await rows('whole')).split(/(?<=\n)/);
    const expected = whole.filter((row) => /^("KronA, a1 8, guidance 5"|base),/.test(row));
    expect(expected).toHaveLength(4 * 2);
    expect(await rows('killed', 'part')).toBe([header, ...expected].join(''));
    const { cells } = await results('killed', 'part');
    const workersOf = (ofTheFirst: boolean) =>
      new Set(
        cells
          .filter(({ key }) => done.some((name) => name.startsWith(key)) === ofTheFirst)
          .map(({ cost }) => cost.worker),
      );
    expect(workersOf(true).size).toBe(1);
    expect(workersOf(false).size).toBe(2);
  });

  test('scores the pictures that another tool made of subjects of the user', async () => {
    const real = join(pocketFolder(), 'subjects');
    const subjects = ['dog', 'teapot'].map((name) => ({
      ...{ name, class: name, subject: `sks ${name}`, images: join(real, name) },
    }));
    await writeFile(join(folder, 'mine.json'), JSON.stringify(subjects));
    for (const { name } of subjects) {
      for (const number of ['01', '02']) {
        const place = join(folder, 'suti', name, number);
        await mkdir(place, { recursive: true });
        await cp(join(real, name, '00.png'), join(place, 'a.png'));
      }
    }
    const path = join(folder, 'tool.yaml');
    // Files are found from the sweep's own folder.
    await writeFile(
      path,
      'title: tool\nbenchmark: ./mine.json\nprompts: ["a {} in the snow", "a {} on the beach"]\ncases: [{ name: SuTI, pictures: suti }]\n',
    );
    const { code, err } = await krona(['sweep', path, ...places('tool'), '--quiet']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { variants, cells } = await results('tool', 'tool');
    expect(cells.map(({ subject }) => subject)).toEqual(['dog', 'teapot']);
    expect(variants[0]).toMatchObject({ name: 'SuTI', settings: {} });
    expect(variants[0]).not.toHaveProperty('parameters');
    // A copy of a real picture.
    expect(cells[0]?.prompts[0]?.nearestDino).toBeCloseTo(1, 4);
  });

  test('counts parameters without training where nothing else is asked', async () => {
    const path = join(folder, 'counts.yaml');
    await writeFile(
      path,
      'title: counts\nbase: sdxl\nmetrics: [parameters]\nvary: { adapter.a1: [4], adapter.a2: [64] }\n',
    );
    const { code } = await krona(['sweep', path, ...places('counts'), '--quiet']);
    expect(code).toBe(0);
    const { variants, cells } = await results('counts', 'counts');
    expect(variants).toMatchObject([{ parameters: 3_874_560 }]);
    expect(cells).toEqual([]);
    expect(await rows('counts', 'counts')).toBe(
      'variant,adapter.a1,adapter.a2,parameters\n"KronA, a1 4, a2 64",4,64,3874560\n',
    );
  });

  test('refuses an impossible variant by its name before anything runs', async () => {
    const path = join(folder, 'impossible.yaml');
    await writeFile(path, 'title: impossible\nvary: { adapter.a1: [8, 7], adapter.a2: [16] }\n');
    const { code, err } = await krona(['sweep', path, ...places('impossible')]);
    expect(code).toBe(2);
    expect(err).toContain('"KronA, a1 7, a2 16": krona: a1 = 7');
    await writeFile(path, 'title: impossible\nsubjects: [dog]\nvary: { shots: [5, 6] }\n');
    const more = await krona(['sweep', path, ...places('impossible')]);
    expect(more.err).toContain('6 training pictures are wanted, dog has 5');
    expect(await readdir(folder)).not.toContain('impossible');
  });

  test('a task that fails is named with its reason, the others go on, and the next time it is tried again', async () => {
    const path = join(folder, 'failing.yaml');
    // So high a rate that the loss is no number after a few steps.
    await writeFile(
      path,
      'title: failing\nsubjects: [dog]\nprompts: [2]\ndrift: false\ndraw: { count: 1, steps: 2 }\ntrain: { steps: 4, batchSize: 1, clipNorm: 1.0e+30, optimizer: sgd }\nvary: { train.learningRate: [1.0e+25, 0.001] }\n',
    );
    const { code, err } = await krona(['sweep', path, ...places('failing'), '--quiet']);
    expect(code).toBe(1);
    expect(err).toContain('failing: KronA, learning rate 1e+25, dog, seed 0: ');
    const { missing, cells } = await results('failing', 'failing');
    expect(missing).toMatchObject([{ cell: 'KronA, learning rate 1e+25, dog, seed 0' }]);
    expect(missing[0]?.reason).toContain('the loss is NaN');
    expect(cells).toHaveLength(1);
  });
});
