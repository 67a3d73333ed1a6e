/** @file What a run says of folders as other tools and people leave them. */
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { blankImage, encodePng } from '../../src/data/image.ts';
import type { TrainEvent } from '../../src/train/events.ts';
import { startRun } from '../../src/train/run.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { networks } from './networks.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-pictures-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), content);
}

async function putSubject(subject: string, number: number, name: string): Promise<void> {
  const from = join('models/pocket/subjects', subject);
  const pictures = (await readdir(from)).filter((each) => each.endsWith('.png')).sort();
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await copyFile(join(from, pictures[number] ?? ''), join(folder, name));
}

async function startedWith(more: Partial<TrainOptions>) {
  const started: Extract<TrainEvent, { type: 'started' }>[] = [];
  await startRun(
    {
      ...{ images: join(folder, 'images'), subject: 'sks dog', out: join(folder, 'run') },
      ...{ steps: 1, batchSize: 1, seed: 0, ...more },
    },
    {
      now: () => 0,
      networks,
      listener: (event) => event.type === 'started' && started.push(event),
    },
  );
  const [event] = started;
  if (event === undefined) throw new Error('the run did not start');
  return event;
}

test('what is left out and what is strange is named before the training', async () => {
  await putSubject('dog', 0, 'images/10_dog/a.png');
  await put('images/10_dog/a.caption', 'a {subject}');
  await put('images/10_dog/a-masklabel.png', await encodePng(blankImage(64, 64)));
  await putSubject('dog', 1, 'images/10_dog/b.png');
  await putSubject('dog', 1, 'images/10_dog/b copy.png');
  await put('images/10_dog/tiny.png', await encodePng(blankImage(20, 12)));
  await put('images/metadata.csv', 'file_name,text');
  await putSubject('cat', 0, 'images/reg/1_dog/c.png');
  await putSubject('cat', 1, 'class/d.png');
  await put('class/d_mask.png', await encodePng(blankImage(64, 64)));
  const priorImages = join(folder, 'class');
  const { images, skipped, warnings } = await startedWith({ captions: true, priorImages });
  expect(images).toBe(4);
  expect(skipped.map(({ name, reason }) => `${name}: ${reason.split(/[,;]/)[0]}`)).toEqual([
    'metadata.csv: a list of captions',
    'reg: a sub-folder',
    `${join('10_dog', 'a-masklabel.png')}: by its name a mask`,
    'd_mask.png: pictures of the class: by its name a mask',
  ]);
  const inDog = (name: string) => join('10_dog', name);
  expect(warnings.map((warning) => warning.split(/[:;] /)[0])).toEqual([
    `${inDog('tiny.png')} (20 x 12)`,
    `${inDog('b copy.png')} = ${inDog('b.png')}`,
    ['b copy.png', 'b.png', 'tiny.png'].map(inDog).join(', '),
  ]);
});

test('captions that are asked for and not there are refused', async () => {
  await putSubject('dog', 0, 'images/a.png');
  await put('images/metadata.csv', 'file_name,text');
  await expect(startedWith({ captions: true })).rejects.toMatchObject({
    code: 'CAPTIONS_MISSING',
    message: expect.stringContaining('none of 1 pictures has one'),
  });
  expect(await readdir(folder)).not.toContain('run');
});
