import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeBlipFolder } from '../../test/blip-folder.ts';
import { blankImage, encodePng } from '../data/image.ts';
import { drawPictures } from './draw-plan.ts';
import type { GenerateOptions } from './generate-options.ts';
import { planGeneration } from './generation-plan.ts';

let root = '';
let base = '';
const pictures = new Map<string, Uint8Array>();
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'krona-shown-'));
  base = await makeBlipFolder(join(root, 'blip'));
  pictures.set('red', await encodePng(blankImage(30, 20, [200, 30, 30])));
  pictures.set('blue', await encodePng(blankImage(20, 20, [30, 30, 200])));
});
afterAll(() => rm(root, { recursive: true }));

const asked = { prompt: 'a {subject} on the beach', count: 1, steps: 2, width: 32, height: 32 };
const plan = (options: Partial<GenerateOptions>) =>
  planGeneration({ base, subject: 'dog', ...asked, ...options }, { pictures });

/** The context vectors that a plan has found. */
async function contextOf(subjectPicture: string[], subject = 'dog'): Promise<readonly number[]> {
  const { shown } = await plan({ subjectPicture, subject });
  return [...(shown?.tensors.values() ?? [])].flatMap(({ data }) => [...data]);
}

describe('pictures of a subject', () => {
  test('become a word before its name, in a prompt that is read as often as the model recommends', async () => {
    const { prompt, config, notes } = await plan({ subjectPicture: ['red'] });
    expect(prompt).toBe('a <subject> dog on the beach');
    expect(config.promptRepeats).toBe(20);
    expect(notes).toEqual([]);
    const teapot = await plan({ subjectPicture: ['red'], prompt: 'a <subject> teapot' });
    expect(teapot.prompt).toBe('a <subject> teapot');
  });

  test('count as their mean, and are seen as what they are called', async () => {
    const [red, blue, both] = await Promise.all([
      contextOf(['red']),
      contextOf(['blue']),
      contextOf(['red', 'blue']),
    ]);
    expect(red).not.toEqual(blue);
    // A sum of two halves in float32.
    expect(both).toEqual(
      red.map((value, i) => expect.closeTo((value + (blue[i] ?? Number.NaN)) / 2, 5)),
    );
    expect(await contextOf(['red'], 'teapot')).not.toEqual(red);
  });

  test('decide what is drawn', async () => {
    const drawn = async (picture: string) => {
      const own = await plan({ subjectPicture: [picture], promptRepeats: 1 });
      return await drawPictures(own, [1], { now: () => 0 });
    };
    const red = await drawn('red');
    expect(await drawn('red')).toEqual(red);
    expect(await drawn('blue')).not.toEqual(red);
  });

  test.each<[string, Partial<GenerateOptions>, string]>([
    ['without its name', { subjectPicture: ['red'], subject: undefined }, 'NO_SUBJECT_NAME'],
    ['a name without pictures', {}, 'NO_SUBJECT_PICTURE'],
    ['a prompt without it', { subjectPicture: ['red'], prompt: 'a dog' }, 'SUBJECT_NOT_IN_PROMPT'],
    ['a base that sees none', { subjectPicture: ['red'], base: 'pocket' }, 'NO_QFORMER'],
    ['what is no picture', { subjectPicture: ['nowhere.png'] }, 'FILE_NOT_FOUND'],
    [
      'a name of too many words',
      { subjectPicture: ['red'], subject: 'red '.repeat(23) },
      'SUBJECT_TOO_LONG',
    ],
  ])('are refused: %s', async (_, options, code) => {
    await expect(plan(options)).rejects.toMatchObject({ code });
  });
});
