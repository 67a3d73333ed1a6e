import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { pocketFolder } from '../../src/data/pocket.ts';
import { bundledReal } from './bundled-real.ts';
import { jsonLines, krona } from './terminal.ts';

const subjects = join(pocketFolder(), 'subjects');
let folder = '';
let run = '';
let prompts = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-evaluate-'));
  run = join(folder, 'run');
  prompts = join(folder, 'prompts.txt');
  await writeFile(prompts, 'a {} on the beach\na {} in the snow\n');
  await writeFile(join(folder, 'unrelated.txt'), 'a red car\n');
  const images = join(subjects, 'teapot');
  const training = ['--subject', 'sks teapot', '--steps', '2', '--batch-size', '1'];
  const { code, err } = await krona([
    'train',
    '--images',
    images,
    ...training,
    '--out',
    run,
    '--quiet',
  ]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const few = () => [
  ...['--prompts', prompts, '--drift-prompts', join(folder, 'unrelated.txt')],
  ...['--count', '2', '--steps', '2'],
];

const score = z.number().min(-1).max(1);
const evaluationSchema = z.looseObject({
  encoders: z.object({ clip: z.string(), dino: z.string() }),
  pictures: z.array(
    z.looseObject({
      subject: z.string(),
      prompt: z.string(),
      file: z.string(),
      clipI: score,
      dino: score,
    }),
  ),
  prompts: z.array(z.looseObject({ prompt: z.string(), diversityDino: z.number().optional() })),
  real: z.array(z.looseObject({ clipI: score, dino: score })),
  drift: z.array(z.object({ prompt: z.string(), clip: score, dino: score })),
  summary: z.looseObject({
    overall: z.record(
      z.string(),
      z.looseObject({ mean: z.number(), deviation: z.number().optional() }),
    ),
  }),
});

async function evaluationIn(place: string) {
  return evaluationSchema.parse(JSON.parse(await readFile(join(place, 'evaluation.json'), 'utf8')));
}

describe('krona evaluate RUN', () => {
  test('draws the prompts, scores them and writes rows, and a second time draws nothing', async () => {
    const first = await krona(['evaluate', run, ...few()]);
    expect(first.code).toBe(0);
    expect(first.out).toContain('CLIP-T typed');
    const place = join(run, 'evaluation');
    const found = await evaluationIn(place);
    expect(found.encoders).toEqual({ clip: 'pocket', dino: 'pocket' });
    expect(found.pictures.map(({ prompt, file }) => [prompt, file])).toEqual([
      ['a sks teapot on the beach', 'pictures/01/seed0.png'],
      ['a sks teapot on the beach', 'pictures/01/seed1.png'],
      ['a sks teapot in the snow', 'pictures/02/seed0.png'],
      ['a sks teapot in the snow', 'pictures/02/seed1.png'],
    ]);
    expect(found.drawing).toMatchObject({ base: 'pocket', count: 2, seed: 0, steps: 2, width: 64 });
    expect(found.drift.map(({ prompt }) => prompt)).toEqual(['a red car']);
    // The same five pictures in PyTorch.
    const expected = await bundledReal();
    expect(found.real[0]?.dino).toBeCloseTo(expected.dino, 4);
    expect(found.real[0]?.clipI).toBeCloseTo(expected.clipI, 4);

    const written = await readFile(join(place, 'evaluation.json'), 'utf8');
    const again = await krona(['evaluate', run, ...few(), '--json']);
    const events = jsonLines(again.out);
    expect(events.filter(({ type }) => type === 'drawing')).toEqual([]);
    expect(events.at(-1)).toMatchObject({
      type: 'evaluated',
      file: join(place, 'evaluation.json'),
    });
    expect(await readFile(join(place, 'evaluation.json'), 'utf8')).toBe(written);
  });

  test('goes on after Ctrl-C, with the pictures that it has', async () => {
    const more = [
      'evaluate',
      run,
      '--prompts',
      prompts,
      '--count',
      '1',
      '--steps',
      '2',
      '--seed',
      '7',
      '--no-drift',
      '--json',
    ];
    const stopped = await krona(more, {
      onOutput: (text, interrupt) => {
        if (text.includes('"done":1')) interrupt();
      },
    });
    expect(stopped.code).toBe(130);
    const first = join(run, 'evaluation', 'pictures', '01', 'seed7.png');
    const { mtimeMs } = await stat(first);
    const { code, out } = await krona(more);
    expect(code).toBe(0);
    expect((await stat(first)).mtimeMs).toBe(mtimeMs);
    expect(jsonLines(out).some(({ type, done }) => type === 'drawing' && done === 1)).toBe(true);
    expect((await evaluationIn(join(run, 'evaluation'))).pictures).toHaveLength(2);
  });

  test('draws anew where a setting that decides pictures has changed', async () => {
    const argv = ['evaluate', run, '--prompts', prompts, '--count', '1', '--no-drift', '--json'];
    await krona([...argv, '--steps', '2']);
    const { out } = await krona([...argv, '--steps', '3']);
    expect(jsonLines(out).filter(({ type }) => type === 'drawing')).toHaveLength(6);
  });

  test('refuses another folder, a wrong encoder and a setting that is none, before drawing', async () => {
    const codeOf = async (...argv: string[]) => {
      const { code, out } = await krona(['evaluate', ...argv, '--json']);
      return [
        code,
        z.object({ error: z.object({ code: z.string() }) }).parse(jsonLines(out)[0]).error.code,
      ];
    };
    expect(await codeOf(folder)).toEqual([1, 'NOT_A_RUN']);
    expect(await codeOf(run, '--clip', join(pocketFolder(), 'dino'))).toEqual([
      1,
      'ENCODER_FOLDER',
    ]);
    expect(await codeOf(run, '--count', '0')).toEqual([2, 'FLAG_VALUE']);
    expect(await codeOf()).toEqual([2, 'NOTHING_TO_EVALUATE']);
    expect(await codeOf(run, '--pictures', folder)).toEqual([2, 'SETTING_UNUSED']);
  });
});

describe('krona evaluate --pictures', () => {
  const pocketPair = ['--clip', 'pocket', '--dino', 'pocket'];

  /** Real pictures in the places of made ones. */
  async function place(at: string, subject: string, pictures: readonly string[]): Promise<void> {
    await mkdir(at, { recursive: true });
    for (const name of pictures) await copyFile(join(subjects, subject, name), join(at, name));
  }

  test('scores pictures of any tool, in folders by prompt', async () => {
    const made = join(folder, 'made');
    await place(join(made, '01'), 'teapot', ['00.png', '01.png']);
    await place(join(made, '2-in-the-snow'), 'teapot', ['02.png']);
    const mask = join(made, '01', '00-masklabel.png');
    await copyFile(join(subjects, 'teapot', '03.png'), mask);
    const images = join(subjects, 'teapot');
    const argv = [
      '--pictures',
      made,
      '--images',
      images,
      '--class',
      'teapot',
      '--prompts',
      prompts,
    ];
    const { code, err } = await krona(['evaluate', ...argv, ...pocketPair]);
    expect(code).toBe(0);
    expect(err).toContain(
      `skipped ${mask}: by its name a mask, which only a training reads that asks for masks\n`,
    );
    const { pictures, prompts: rows, summary } = await evaluationIn(made);
    expect(pictures.map(({ file }) => file)).toEqual([
      '01/00.png',
      '01/01.png',
      '2-in-the-snow/02.png',
    ]);
    expect(pictures.every(({ nearestClip }) => Number(nearestClip) > 0.999)).toBe(true);
    expect(rows.map((row) => row.diversityDino !== undefined)).toEqual([true, false]);
    expect(summary.overall.clipI?.deviation).toBeUndefined();
  });

  test('scores several subjects, with the standard deviation between them', async () => {
    const made = join(folder, 'several');
    const list = ['teapot', 'cat'].map((name) => ({
      name,
      class: name,
      images: join(subjects, name),
    }));
    await writeFile(join(folder, 'subjects.json'), JSON.stringify(list));
    for (const { name } of list) {
      await place(join(made, name, '01'), name, ['00.png']);
      await place(join(made, name, '02'), name, ['01.png']);
    }
    const argv = [
      '--pictures',
      made,
      '--subjects',
      join(folder, 'subjects.json'),
      '--prompts',
      prompts,
    ];
    const { code, out } = await krona(['evaluate', ...argv, ...pocketPair, '--quiet']);
    expect(code).toBe(0);
    expect(out).toMatch(/^teapot .*\ncat /m);
    const { overall } = (await evaluationIn(made)).summary;
    expect(overall.dino?.deviation).toBeGreaterThan(0);
  });

  test('names what is missing', async () => {
    const images = join(subjects, 'teapot');
    const of = async (...argv: string[]) => (await krona(['evaluate', ...argv, ...pocketPair])).err;
    const made = join(folder, 'half');
    await place(join(made, '01'), 'teapot', ['00.png']);
    const about = ['--pictures', made, '--images', images];
    expect(await of(...about, '--class', 'teapot')).toContain('[PROMPTS_MISSING]');
    expect(await of(...about, '--prompts', prompts)).toContain('[SUBJECT_MISSING]');
    expect(await of('--pictures', made, '--prompts', prompts)).toContain('[IMAGES_MISSING]');
    const wordsAndPrompts = ['--class', 'teapot', '--prompts', prompts];
    expect(await of(...about, ...wordsAndPrompts)).toContain(
      'expected a folder 02 with the pictures of "a {} in the snow", found 1 of 2',
    );
    await place(join(made, '03'), 'teapot', ['00.png']);
    expect(await of(...about, ...wordsAndPrompts)).toContain('there is no prompt 3');
    await writeFile(join(made, '01', 'broken.png'), 'no picture');
    await place(join(made, '02'), 'teapot', ['00.png']);
    rmSync(join(made, '03'), { recursive: true });
    expect(await of(...about, ...wordsAndPrompts)).toContain('[IMAGE_UNREADABLE]');
  });
});
