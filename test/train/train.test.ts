/** @file Runs on the bundled model: exact resume, interruption, and input that cannot work. */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { decodeAdapterFile } from '../../src/adapters/index.ts';
import { decodeImage } from '../../src/data/image.ts';
import { adapterAtCheckpoint } from '../../src/train/adapter/checkpoint-adapter.ts';
import type { TrainEvent } from '../../src/train/events.ts';
import { resumeRun, startRun } from '../../src/train/run.ts';
import { StepProgram } from '../../src/train/step-program.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { networks } from './networks.ts';
import { quickPocket } from './quick-pocket.ts';
import { readEvents } from './tensorboard-reader.ts';

const base = await quickPocket();
/** A run with the options of all, which the others are compared with. */
let plain: string;
let folder: string;
let milliseconds = 0;
const now = () => milliseconds++;
const host = { now, networks };

beforeAll(async () => {
  plain = await mkdtemp(join(tmpdir(), 'krona-train-plain-'));
  folder = plain;
  await startRun(options('run'), host);
});
afterAll(() => rm(plain, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-train-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function options(name: string, more: Partial<TrainOptions> = {}): TrainOptions {
  return {
    base,
    images: 'models/pocket/subjects/teapot',
    subject: 'sks teapot',
    steps: 6,
    batchSize: 2,
    checkpointEvery: 2,
    seed: 3,
    out: join(folder, name),
    ...more,
  };
}

async function adapterOf(name: string): Promise<Buffer> {
  return await readFile(join(folder, name, 'adapter.safetensors'));
}

const plainAdapter = () => readFile(join(plain, 'run', 'adapter.safetensors'));

async function failureOf(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  const { code, message } = error as Error & { code: string };
  return { code, message };
}

describe('a run', () => {
  test('traces its step once, and one whose step is loaded does not', async () => {
    using plan = vi.spyOn(StepProgram, 'plan');
    await startRun(options('alone', { steps: 1 }), { now });
    expect(plan).toHaveBeenCalledTimes(1);
    await startRun(options('again', { steps: 1 }), host);
    expect(plan).toHaveBeenCalledTimes(1);
  });

  test('that is interrupted and resumed ends with the bytes of one that was not', async () => {
    const controller = new AbortController();
    const listener = (event: TrainEvent) => {
      if (event.type === 'step' && event.step === 3) controller.abort();
    };
    const stopped = await startRun(options('cut'), {
      ...host,
      listener,
      signal: controller.signal,
    });
    expect(stopped).toMatchObject({ interrupted: true, step: 3 });
    await rm(join(folder, 'cut', 'dataset.safetensors')); // encoded again from the same pictures
    const finished = await resumeRun(join(folder, 'cut'), host);
    expect(finished).toMatchObject({ interrupted: false, step: 6 });
    expect(await adapterOf('cut')).toEqual(await plainAdapter());
  });

  test('takes the steps of the rate that its part has, whatever the common one', async () => {
    await startRun(options('own', { learningRate: 1, unetLearningRate: 0.005, steps: 2 }), host);
    await startRun(options('common', { learningRate: 0.005, steps: 2 }), host);
    const own = decodeAdapterFile(await adapterOf('own'), 'own');
    const common = decodeAdapterFile(await adapterOf('common'), 'common');
    expect(own.training?.learningRate).toBe(1);
    expect(own.tensors).toEqual(common.tensors);
  });

  test('accumulates gradients, uses prior pictures and another adapter, and resumes exactly', async () => {
    const more: Partial<TrainOptions> = {
      adapter: 'lora',
      steps: 4,
      batchSize: 1,
      accumulate: 2,
      schedule: 'cosine',
      minSnrGamma: 5,
      loss: 'huber',
      noiseOffset: 0.1,
      emaDecay: 0.9,
      priorImages: 'models/pocket/subjects/cat',
      class: 'teapot',
    };
    await startRun(options('whole', more), host);
    const controller = new AbortController();
    const listener = (event: TrainEvent) => {
      if (event.type === 'checkpoint' && event.step === 2) controller.abort();
    };
    await startRun(options('cut', more), { ...host, listener, signal: controller.signal });
    await resumeRun(join(folder, 'cut'), host);
    expect(await adapterOf('cut')).toEqual(await adapterOf('whole'));
  });

  test('that starts from gradients resumes exactly, from its beginning too, and writes what it changed', async () => {
    const adapterOptions = { a1: 4, a2: 8, start: 'gradient', gradientBatches: 2, dropout: 0.2 };
    const more = { adapterOptions, optimizer: 'prodigy', emaDecay: 0.9, steps: 4 } as const;
    const events: TrainEvent[] = [];
    await startRun(options('whole', more), { ...host, listener: (event) => events.push(event) });
    const progress = events.filter(({ type }) => type === 'progress').at(-1);
    expect(progress).toMatchObject({ phase: 'taking gradients', done: 12, total: 12 });
    const cut = async (name: string, when: (event: TrainEvent) => boolean) => {
      const controller = new AbortController();
      const listener = (event: TrainEvent) => {
        if (when(event)) controller.abort();
      };
      return await startRun(options(name, more), { ...host, listener, signal: controller.signal });
    };
    const beginning = await cut(
      'beginning',
      (event) => event.type === 'progress' && event.done === 5,
    );
    expect(beginning).toMatchObject({ interrupted: true, step: 0 });
    expect(await cut('later', (event) => event.type === 'step' && event.step === 2)).toMatchObject({
      interrupted: true,
      step: 2,
    });
    for (const name of ['beginning', 'later']) {
      await resumeRun(join(folder, name), host);
      expect(await adapterOf(name)).toEqual(await adapterOf('whole'));
    }
    const { placed, tensors } = decodeAdapterFile(await adapterOf('whole'), 'adapter');
    expect(placed.map(({ adapter }) => adapter.options)).toEqual([
      expect.objectContaining({ a1: 4, a2: 8, terms: 2 }),
    ]);
    expect([...tensors.keys()].some((name) => name.includes('start'))).toBe(false);
  });

  test('ends with the average over its steps on request, and with the last adapter besides', async () => {
    await startRun(options('averaged', { emaDecay: 0.9, emaPower: 0.75 }), host);
    const last = await readFile(join(folder, 'averaged', 'adapter-last.safetensors'));
    expect(last).toEqual(await plainAdapter());
    expect(await adapterOf('averaged')).not.toEqual(last);
  });

  test('draws pictures of the class itself, goes on drawing after a stop, and ends the same', async () => {
    const more = { priorCount: 2, batchSize: 1, class: 'teapot', steps: 2 };
    await startRun(options('whole', more), host);
    expect(await readdir(join(folder, 'whole', 'prior'))).toHaveLength(2);
    const controller = new AbortController();
    const listener = (event: TrainEvent) => {
      if (event.type === 'phase' && event.phase.startsWith('drawing')) controller.abort();
    };
    const stopped = await startRun(options('cut', more), {
      ...host,
      listener,
      signal: controller.signal,
    });
    expect(stopped).toMatchObject({ interrupted: true, step: 0 });
    // Stopped in the middle: one is there, the rest follow.
    const one = join('prior', '000001.png');
    await copyFile(join(folder, 'whole', one), join(folder, 'cut', one));
    await resumeRun(join(folder, 'cut'), host);
    for (const name of await readdir(join(folder, 'whole', 'prior'))) {
      expect(await readFile(join(folder, 'cut', 'prior', name))).toEqual(
        await readFile(join(folder, 'whole', 'prior', name)),
      );
    }
    expect(await adapterOf('cut')).toEqual(await adapterOf('whole'));
  });

  test.each(['sgd', 'adafactor', 'lion', 'prodigy'] as const)(
    'resumes exactly with %s',
    async (optimizer) => {
      const more = { optimizer, steps: 3, checkpointEvery: 1 };
      await startRun(options('whole', more), host);
      const controller = new AbortController();
      const listener = (event: TrainEvent) => {
        if (event.type === 'step' && event.step === 2) controller.abort();
      };
      await startRun(options('cut', more), { ...host, listener, signal: controller.signal });
      await resumeRun(join(folder, 'cut'), host);
      expect(await adapterOf('cut')).toEqual(await adapterOf('whole'));
    },
  );

  test('learns captions and repeats, and resumes exactly, also without its encoded dataset', async () => {
    const images = join(folder, 'images');
    for (const [part, subject] of [
      ['2_first', 'dog'],
      ['1_second', 'cat'],
    ] as const) {
      const from = join('models/pocket/subjects', subject);
      const [name = ''] = (await readdir(from)).filter((each) => each.endsWith('.png'));
      await mkdir(join(images, part), { recursive: true });
      await copyFile(join(from, name), join(images, part, name));
      await writeFile(join(images, part, name.replace('.png', '.txt')), `one {subject}, ${part}`);
    }
    const more = { images, captions: true, emaDecay: 0.9, steps: 4, checkpointEvery: 1 };
    await startRun(options('whole', more), host);
    await startRun(options('uncaptioned', { ...more, captions: false }), host);
    expect(await adapterOf('uncaptioned')).not.toEqual(await adapterOf('whole'));
    const controller = new AbortController();
    const listener = (event: TrainEvent) => {
      if (event.type === 'step' && event.step === 2) controller.abort();
    };
    await startRun(options('cut', more), { ...host, listener, signal: controller.signal });
    await rm(join(folder, 'cut', 'dataset.safetensors'));
    await resumeRun(join(folder, 'cut'), host);
    expect(await adapterOf('cut')).toEqual(await adapterOf('whole'));
  });

  test('drops sites at random where the method asks for it, and resumes exactly', async () => {
    const more = { adapterOptions: { dropout: 0.5 } };
    const stop = new AbortController();
    await startRun(options('whole', more), host);
    await startRun(options('half', { ...more, checkpointEvery: 2 }), {
      ...host,
      signal: stop.signal,
      listener: ({ type }) => type === 'checkpoint' && stop.abort(),
    });
    await resumeRun(join(folder, 'half'), host);
    expect(await adapterOf('half')).toEqual(await adapterOf('whole'));
    expect(await plainAdapter()).not.toEqual(await adapterOf('whole'));
  });

  test('depends on its seed, weights and noise, and lowers the loss of its own pictures', async () => {
    const losses: number[] = [];
    const listener = (event: TrainEvent) => {
      if (event.type === 'step') losses.push(event.loss);
    };
    await startRun(options('a', { steps: 60, checkpointEvery: 60 }), {
      ...host,
      listener,
    });
    const mean = (values: number[]) =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    // 20 batches of random timesteps at either end: with the seeds 3 to 6 the later mean is 0.53 to 0.77 of the earlier.
    expect(mean(losses.slice(-20))).toBeLessThan(0.85 * mean(losses.slice(0, 20)));
    for (const more of [{ seed: 4 }, { minSnrGamma: 5 }, { noiseOffset: 0.1 }]) {
      const name = JSON.stringify(more).replaceAll(/\W/g, '');
      await startRun(options(name, more), host);
      expect(await plainAdapter()).not.toEqual(await adapterOf(name));
    }
  });

  test('leaves previews on request, which change nothing, keeps as many checkpoints as asked and the adapter at each, and writes every step down', async () => {
    const out = join(folder, 'run');
    await startRun(
      options('run', {
        sampleEvery: 3,
        samplePrompt: ['a {subject}', 'a {subject}, sleeping'],
        keepCheckpoints: 2,
      }),
      host,
    );
    const preview = await readFile(join(out, 'samples', 'step-000003-2.png'));
    expect(await decodeImage(preview, 'the preview')).toMatchObject({ width: 64, height: 64 });
    expect(await readFile(join(out, 'loss.svg'), 'utf8')).toContain('Loss over 6 steps');
    expect(await readdir(join(out, 'samples'))).toEqual(
      [0, 3, 6].flatMap((step) => [1, 2].map((prompt) => `step-00000${step}-${prompt}.png`)),
    );
    expect(await readdir(join(out, 'checkpoints'))).toEqual([
      'step-000004.safetensors',
      'step-000006.safetensors',
    ]);
    const adapters = join(out, 'adapters');
    expect(await readdir(adapters)).toEqual(
      [2, 4, 6].map((step) => `step-00000${step}.safetensors`),
    );
    expect(await readFile(join(adapters, 'step-000006.safetensors'))).toEqual(
      await adapterOf('run'),
    );
    const kept = await adapterAtCheckpoint({ run: out, step: 4 });
    expect(await readFile(join(adapters, 'step-000004.safetensors'))).toEqual(Buffer.from(kept));
    const events = (await readFile(join(out, 'events.jsonl'), 'utf8')).trim().split('\n');
    const steps = events.map((line) => JSON.parse(line)).filter((event) => event.type === 'step');
    expect(steps.map((event) => event.step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await adapterOf('run')).toEqual(await plainAdapter());
  });

  test('writes event files for TensorBoard on request, one for each part of the run', async () => {
    const controller = new AbortController();
    const steps: TrainEvent[] = [];
    const listener = (event: TrainEvent) => {
      if (event.type === 'step') steps.push(event);
      if (event.type === 'step' && event.step === 3) controller.abort();
    };
    const more = { tensorboard: true, learningRate: 5e-4, warmupSteps: 0 };
    await startRun(options('run', more), { ...host, listener, signal: controller.signal });
    await resumeRun(join(folder, 'run'), { ...host, listener });
    const files = join(folder, 'run', 'tensorboard');
    const names = await readdir(files);
    expect(names.map((name) => name.slice(-13))).toEqual(['.krona.000000', '.krona.000003']);
    const parts = await Promise.all(names.map((name) => readFile(join(files, name))));
    const events = parts.map((part) => readEvents(part));
    expect(events[1]?.[1]).toMatchObject({ sessionStart: true, step: 4 });
    const written = events.flat().filter(({ values }) => 'loss' in values);
    expect(written.map(({ step, values }) => [step, values.loss])).toEqual(
      steps.flatMap((event) =>
        event.type === 'step' ? [[event.step, Math.fround(event.loss)]] : [],
      ),
    );
    expect(written[5]?.values).toMatchObject({ learning_rate: Math.fround(5e-4) });
  });

  test('in the least memory it can do with learns the same, and less than that is refused', async () => {
    const many = { batchSize: 16, steps: 2 }; // of few pictures, the process holds more than their step
    const small = options('small', { ...many, memory: '0.1GB' });
    const refusal = await failureOf(startRun(small, { now }));
    expect(refusal.code).toBe('MEMORY_TOO_SMALL');
    expect(await readdir(folder)).not.toContain('small');
    const [, memory, segments] = /at least (\d+ MB) \(in (\d+) seg/.exec(refusal.message) ?? [];
    expect(Number(segments)).toBeGreaterThan(1);
    const losses: Record<string, number[]> = { whole: [], segmented: [] };
    const listen = (name: string) => (event: TrainEvent) => {
      if (event.type === 'step') losses[name]?.push(event.loss);
    };
    await startRun(options('whole', many), { now, listener: listen('whole') });
    const cut = options('segmented', { ...many, memory });
    await startRun(cut, { now, listener: listen('segmented') });
    expect(losses.segmented).toHaveLength(2);
    losses.whole?.forEach((loss, i) => {
      // Steps of the same float32 operations; only sums over segments are taken in another order.
      expect(losses.segmented?.[i]).toBeCloseTo(loss, 4);
    });
  });
});

describe('a run that diverges', () => {
  test('stops, names the step and keeps the last good checkpoint', async () => {
    const run = options('run', { learningRate: 1e30, warmupSteps: 3, checkpointEvery: 1 });
    const { code, message } = await failureOf(startRun(run, host));
    expect(code).toBe('LOSS_NOT_FINITE');
    expect(message).toMatch(/^step \d+: the (loss|norm of the gradients) is (NaN|Infinity)/);
    expect((await readdir(join(folder, 'run', 'checkpoints'))).length).toBeGreaterThan(0);
    expect(await readdir(join(folder, 'run'))).not.toContain('adapter.safetensors');
  });
});

describe('a run that cannot work is refused before its folder is made', () => {
  const refused = async (more: Partial<TrainOptions>) => {
    const failure = await failureOf(startRun(options('run', more), host));
    expect(await readdir(folder)).not.toContain('run');
    return failure;
  };

  test('without pictures', async () => {
    await mkdir(join(folder, 'empty'));
    expect(await refused({ images: join(folder, 'empty') })).toMatchObject({ code: 'NO_IMAGES' });
  });

  test('with a picture that cannot be read', async () => {
    await mkdir(join(folder, 'pictures'));
    await writeFile(join(folder, 'pictures', 'dog.png'), 'not a picture');
    const { code, message } = await refused({ images: join(folder, 'pictures') });
    expect(code).toBe('IMAGE_UNREADABLE');
    expect(message).toContain('dog.png');
  });

  test('with a subject that has no class', async () => {
    expect(await refused({ subject: 'sks' })).toMatchInlineSnapshot(`
      {
        "code": "SUBJECT_WITHOUT_CLASS",
        "message": "subject: expected a rare word and the class, such as "sks dog", got "sks"; the class tells the model what kind of thing it learns",
      }
    `);
  });

  test.each([
    ['dog {subject}', '"{"'],
    ['sks {dog}', '"{"'],
    ['sks\nteapot', '"\\n"'],
    ['sks \u001b[31mteapot', '"\\u001b"'],
  ])('with a subject that no prompt can say: %j', async (subject, strange) => {
    const { code, message } = await refused({ subject });
    expect(code).toBe('SUBJECT_CHARACTERS');
    expect(message).toContain(`which holds ${strange}`);
  });

  test('with a new word of more vectors than a prompt has tokens', async () => {
    const { code, message } = await refused({ newToken: true, tokenVectors: 31 });
    expect(code).toBe('TOKEN_VECTORS');
    expect(message).toContain('sees 30 tokens of a prompt, got 31');
  });

  test('with an adapter that can change nothing', async () => {
    const { code, message } = await refused({ adapterOptions: { scale: 0 } });
    expect(code).toBe('ADAPTER_OPTIONS');
    expect(message).toContain('scale is 0');
  });

  test('with a class that the subject does not name', async () => {
    expect(await refused({ class: 'dog' })).toMatchInlineSnapshot(`
      {
        "code": "SUBJECT_WITHOUT_CLASS",
        "message": "subject: expected a rare word and the class, such as "sks dog", got "sks teapot" with class "dog"; the class tells the model what kind of thing it learns",
      }
    `);
  });

  test('with pictures of the class both given and to be drawn', async () => {
    const images = 'models/pocket/subjects/cat';
    const { code } = await refused({ priorImages: images, priorCount: 3 });
    expect(code).toBe('PRIOR_TWICE');
  });

  test('with factors that do not divide', async () => {
    expect(await refused({ adapterOptions: { a1: 7, a2: 16 } })).toMatchInlineSnapshot(`
      {
        "code": "FACTOR_DOES_NOT_DIVIDE",
        "message": "krona: a1 = 7 does not divide the output size 64 of unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q (64 x 64); near it 8, 4, 2 would, of all: 1, 2, 4, 8, 16, 32, 64. What divides at all 56 chosen sites: outputs by 1, 2, 4, 8, 16, 32; inputs by 1, 2, 4, 8, 16, 32",
      }
    `);
  });

  test('with a setting that does not exist', async () => {
    const misspelt = { stesp: 10 } as Partial<TrainOptions>;
    expect(await refused(misspelt)).toMatchInlineSnapshot(`
      {
        "code": "UNKNOWN_SETTING",
        "message": "there is no setting "stesp" for training; did you mean "steps"?",
      }
    `);
  });

  test('with a base that is not a model', async () => {
    const { code, message } = await refused({ base: join(folder) });
    expect(code).toBe('NOT_A_MODEL');
    expect(message).toContain('model_index.json');
  });

  test('with targets that name nothing', async () => {
    expect(await refused({ targets: ['attn3.to_q'] })).toMatchInlineSnapshot(`
      {
        "code": "NO_SITES",
        "message": "targets: "attn3.to_q" names none of the model's 157 sites; did you mean "attn1.to_q"? (presets: attention, attention+feed-forward, text-encoder, text-encoder+feed-forward, unet; a site is, for example, unet.time_embedding.linear_1)",
      }
    `);
  });

  test('over a folder that is in use', async () => {
    await mkdir(join(folder, 'used'));
    await writeFile(join(folder, 'used', 'notes.txt'), 'mine');
    const { code } = await failureOf(startRun(options('used'), host));
    expect(code).toBe('RUN_EXISTS');
    expect(await readdir(join(folder, 'used'))).toEqual(['notes.txt']);
  });
});
