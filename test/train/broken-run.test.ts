/** @file A run folder whose files are damaged: each is refused by name, and nothing goes on with what it never wrote. */
import {
  appendFile,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspect } from '../../src/api/looking.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import { float32, type Tensor } from '../../src/tensor/tensor.ts';
import { resumeRun, startRun } from '../../src/train/run.ts';
import { krona } from '../cli/terminal.ts';
import { networks } from './networks.ts';

const now = () => 0;
const stoppedAt = 2;
const checkpoint = join('checkpoints', 'step-000002.safetensors');

let folder: string;
/** A run stopped after two of four steps. */
let sound: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-broken-'));
  sound = join(folder, 'sound');
  const stop = new AbortController();
  const subject = 'sks teapot';
  await startRun(
    { images: 'models/pocket/subjects/teapot', subject, steps: 4, batchSize: 1, out: sound },
    {
      now,
      networks,
      signal: stop.signal,
      listener: (event) => event.type === 'step' && event.step === stoppedAt && stop.abort(),
    },
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let copies = 0;
async function copyOfRun(): Promise<string> {
  copies += 1;
  const run = join(folder, `copy-${copies}`);
  await cp(sound, run, { recursive: true });
  return run;
}

interface Content {
  readonly metadata: Record<string, unknown>;
  readonly tensors: Map<string, Tensor>;
}

/** Changes a safetensors file, whose metadata are JSON under one key or absent. */
async function rewrite(path: string, change: (content: Content) => void): Promise<void> {
  const { metadata, tensors } = decodeSafetensors(await readFile(path), path);
  const [[key, text] = ['', '{}']] = Object.entries(metadata);
  const content = { metadata: JSON.parse(text) as Record<string, unknown>, tensors };
  change(content);
  const texts: Record<string, string> =
    key === '' ? {} : { [key]: JSON.stringify(content.metadata) };
  await writeFile(path, encodeSafetensors([...tensors], texts));
}

/** The names of a file's tensors with a prefix. */
const named = ({ tensors }: Content, prefix: string) =>
  [...tensors.keys()].filter((name) => name.startsWith(prefix));

const first = (names: readonly string[]) => names[0] ?? '';

describe('a checkpoint is refused', () => {
  test.each<[string, (content: Content) => void, RegExp]>([
    [
      'with a generator that has used up more than it has',
      ({ metadata }) => Object.assign(metadata.generator as object, { position: 99999 }),
      /generator\.position/,
    ],
    [
      'with a word that has more than 32 bits',
      ({ metadata }) => {
        (metadata.generator as { words: number[] }).words[7] = 2 ** 32;
      },
      /generator\.words\[7\]/,
    ],
    [
      'with half a picture in line',
      ({ metadata }) => Object.assign(metadata, { order: { subject: [0.5], prior: [] } }),
      /order\.subject\[0\]/,
    ],
    [
      'with a picture in line that there is not',
      ({ metadata }) => Object.assign(metadata, { order: { subject: [1, 5], prior: [] } }),
      /order\.subject names picture 5, of 0 to 4/,
    ],
    [
      'of another step than its name says',
      ({ metadata }) => Object.assign(metadata, { step: 3 }),
      /its name says step 2, the file step 3/,
    ],
    [
      'with more updates than steps',
      ({ metadata }) => Object.assign(metadata, { optimizerStep: 3 }),
      /3 updates in 2 steps/,
    ],
    [
      'without a tensor of the optimiser',
      (content) => content.tensors.delete(first(named(content, 'optimizer/mean/'))),
      /"optimizer\/mean\/unet.* is missing/,
    ],
    [
      'with a parameter of another size',
      (content) => content.tensors.set(first(named(content, 'parameter/')), float32([3])),
      /"parameter\/unet.* should be f32/,
    ],
    [
      'with an average that the run does not keep',
      ({ tensors }) => tensors.set('average/x', float32([1])),
      /"average\/x" does not belong here/,
    ],
    [
      'with a number that is none',
      (content) => {
        const { data } = content.tensors.get(first(named(content, 'parameter/'))) ?? float32([1]);
        data.fill(Number.NaN as never);
      },
      /holds numbers that are not finite/,
    ],
  ])('%s', async (_, change, problem) => {
    const run = await copyOfRun();
    await rewrite(join(run, checkpoint), change);
    const refusal = resumeRun(run, { now });
    await expect(refusal).rejects.toMatchObject({ name: 'RunError', code: 'CHECKPOINT_BROKEN' });
    await expect(refusal).rejects.toThrow(problem);
    await expect(refusal).rejects.toThrow(join(run, checkpoint));
    expect(await readdir(run)).not.toContain('adapter.safetensors');
  });

  test('of a step that the run does not have', async () => {
    const run = await copyOfRun();
    const step = 9e15;
    const name = join(run, 'checkpoints', `step-${step}.safetensors`);
    await rename(join(run, checkpoint), name);
    await rewrite(name, ({ metadata }) => Object.assign(metadata, { step }));
    await expect(resumeRun(run, { now })).rejects.toThrow('step 9000000000000000 of a run of 4');
  });
});

test('a checkpoint that was cut short is refused as a broken one, with what to do', async () => {
  for (const length of [0, 5000]) {
    const run = await copyOfRun();
    await truncate(join(run, checkpoint), length);
    const refusal = resumeRun(run, { now });
    await expect(refusal).rejects.toMatchObject({ code: 'CHECKPOINT_BROKEN' });
    await expect(refusal).rejects.toThrow('remove it to go on from the one before');
  }
});

test('encoded pictures that were cut short are refused, with what to do', async () => {
  const run = await copyOfRun();
  await truncate(join(run, 'dataset.safetensors'), 5000);
  const refusal = resumeRun(run, { now });
  await expect(refusal).rejects.toMatchObject({ code: 'DATASET_BROKEN' });
  await expect(refusal).rejects.toThrow('remove it to encode the pictures again');
});

test.each(['', '{', '{"pid": 1}'])(
  'an owner file of %j is refused, with what to do',
  async (text) => {
    const run = await copyOfRun();
    await writeFile(join(run, 'owner.json'), text);
    for (const ask of [() => resumeRun(run, { now }), () => inspect(run)]) {
      const refusal = ask();
      await expect(refusal).rejects.toMatchObject({ code: 'OWNER_INVALID' });
      await expect(refusal).rejects.toThrow('remove it: it says nothing that a run needs');
    }
  },
);

describe('encoded pictures are refused', () => {
  test.each<[string, (content: Content) => void]>([
    ['without the deviation of one', ({ tensors }) => tensors.delete('subject.3.deviation')],
    [
      'with a text that there is not',
      ({ tensors }) => tensors.get('subject.1.use')?.data.fill(9 as never),
    ],
    [
      'with latents of another size',
      ({ tensors }) => {
        for (const part of ['mean', 'deviation'])
          tensors.set(`subject.0.${part}`, float32([1, 4, 2, 2]));
      },
    ],
    [
      'with a text of another model',
      ({ tensors }) => tensors.set('subject.text.0.states', float32([1, 3, 5])),
    ],
    [
      'with pictures of a class that the run has not',
      ({ tensors }) => {
        for (const [name, value] of [...tensors])
          tensors.set(name.replace('subject', 'prior'), value);
      },
    ],
    [
      'with a number that is none',
      ({ tensors }) => tensors.get('subject.1.mean')?.data.fill(Number.NaN as never),
    ],
  ])('%s', async (_, change) => {
    const run = await copyOfRun();
    const path = join(run, 'dataset.safetensors');
    await rewrite(path, change);
    const refusal = resumeRun(run, { now });
    await expect(refusal).rejects.toMatchObject({ name: 'DataError', code: 'DATASET_BROKEN' });
    await expect(refusal).rejects.toThrow(path);
  });
});

describe('events are refused by their line', () => {
  test.each([
    'null',
    '{"type":"step","step":3,"steps":4}',
    '{"type":"step","step":1.5,"steps":4,"loss":1,"learningRate":1,"gradientNorm":1,"seconds":1,"graphSeconds":1,"memoryBytes":1}',
    '{"type":"walked"}',
    '[]',
  ])('%s', async (line) => {
    const run = await copyOfRun();
    const path = join(run, 'events.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n').length;
    await appendFile(path, `${line}\n`);
    const { code, err } = await krona(['inspect', run]);
    expect(code).toBe(1);
    expect(err).toContain(`${path}:${lines}: `);
    expect(err).toMatch(/\[JSON_LINES_INVALID\]\n$/);
  });
});

test('a record that is none is refused', async () => {
  const run = await copyOfRun();
  await writeFile(join(run, 'run.json'), 'null');
  await expect(resumeRun(run, { now })).rejects.toMatchObject({ code: 'RUN_VERSION' });
});

describe('what the checkpoint was not made with is refused', () => {
  async function edited(change: Record<string, unknown>): Promise<string> {
    const run = await copyOfRun();
    const path = join(run, 'run.json');
    const record = JSON.parse(await readFile(path, 'utf8')) as { config: object };
    await writeFile(path, JSON.stringify({ ...record, config: { ...record.config, ...change } }));
    return run;
  }

  test.each<[string, Record<string, unknown>, string]>([
    ['another seed', { seed: 7 }, '`seed: 7`, it was made with '],
    ['a setting that was not set', { emaPower: 0.5 }, '`emaPower: 0.5`, it was made with '],
    ['other learning rates', { warmupSteps: 1 }, 'had had other learning rates'],
  ])('%s', async (_, change, problem) => {
    const run = await edited(change);
    const refusal = resumeRun(run, { now });
    await expect(refusal).rejects.toMatchObject({ name: 'RunError', code: 'RUN_CHANGED' });
    await expect(refusal).rejects.toThrow(problem);
    await expect(refusal).rejects.toThrow('set it back to go on, or start a new run');
    expect(await readdir(run)).not.toContain('adapter.safetensors');
  });

  test('encoded pictures of another run', async () => {
    const run = await copyOfRun();
    await rewrite(join(run, 'dataset.safetensors'), ({ tensors }) =>
      tensors.get('subject.1.mean')?.data.fill(0.5 as never),
    );
    const refusal = resumeRun(run, { now });
    await expect(refusal).rejects.toMatchObject({ name: 'RunError', code: 'DATASET_CHANGED' });
  });

  test('other places are taken, and checkpoints that say nothing: the same adapter comes of them', async () => {
    const moved = await edited({ images: '/moved', keepCheckpoints: 1 });
    const earlier = await copyOfRun();
    await rewrite(join(earlier, checkpoint), ({ metadata }) => {
      expect(metadata.made).toBeDefined();
      metadata.made = undefined;
    });
    const [one, other] = [
      await resumeRun(moved, { now, networks }),
      await resumeRun(earlier, { now, networks }),
    ];
    expect(await readFile(one.adapter)).toEqual(await readFile(other.adapter));
  });
});
