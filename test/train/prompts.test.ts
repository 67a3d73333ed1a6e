import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeAdapterFile } from '../../src/adapters/index.ts';
import { openSafetensors } from '../../src/storage/weights/safetensors-file.ts';
import type { TrainEvent } from '../../src/train/events.ts';
import { resumeRun, startRun } from '../../src/train/run.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { networks } from './networks.ts';

let folder: string;
let images: string;
const captions = [
  'one {subject}',
  'one {subject} in the (snow:1.4) BREAK beside [a tree], ((blue))',
] as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-prompts-'));
  images = join(folder, 'images');
  await mkdir(images);
  const from = 'models/pocket/subjects/dog';
  const names = (await readdir(from)).filter((each) => each.endsWith('.png'));
  for (const [i, caption] of captions.entries()) {
    await copyFile(join(from, names[i] ?? ''), join(images, `${i}.png`));
    await writeFile(join(images, `${i}.txt`), caption);
  }
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const host = { now: () => 0, networks };

function options(name: string, more: Partial<TrainOptions> = {}): TrainOptions {
  return {
    ...{ images, captions: true, promptSyntax: 'a1111', subject: 'sks dog', seed: 3 },
    ...{ steps: 1, batchSize: 2, out: join(folder, name), ...more },
  };
}

/** The loss of the first step. */
async function lossOf(name: string, more: Partial<TrainOptions>): Promise<number> {
  let loss: number | undefined;
  const listener = (event: TrainEvent) => {
    if (event.type === 'step' && event.step === 1) loss = event.loss;
  };
  await startRun(options(name, more), { ...host, listener });
  return loss ?? Number.NaN;
}

describe('captions with weights, of several lengths', () => {
  test('come to the same loss encoded beforehand and in the step itself', async () => {
    // Draws nothing for its parameters, and begins as the model is.
    const adapter = 'svdiff';
    const before = await lossOf('states', { adapter, targets: ['attn2.to_k'] });
    const inside = await lossOf('tokens', { adapter, targets: ['attn2.to_k', 'text-encoder'] });
    // The same sums in float32, in another order.
    expect(Math.abs(inside / before - 1)).toBeLessThan(1e-5);
    const skipped = await lossOf('skipped', { adapter, targets: ['attn2.to_k'], clipSkip: 2 });
    expect(Math.abs(skipped / before - 1)).toBeGreaterThan(1e-5);
    const kept = await (
      await openSafetensors(join(folder, 'states', 'dataset.safetensors'))
    ).readAll();
    const shapes = [0, 1].map((i) => kept.get(`subject.text.${i}.states`)?.shape);
    expect(shapes[0]?.[1]).toBe(2 * 32);
    expect(shapes[1]).toEqual(shapes[0]);
  });

  test('resume to the byte where the text encoders learn', async () => {
    const more = { targets: ['text-encoder'], steps: 2, checkpointEvery: 1 };
    await startRun(options('whole', more), host);
    const stop = new AbortController();
    await startRun(options('half', more), {
      ...host,
      signal: stop.signal,
      listener: ({ type }) => type === 'checkpoint' && stop.abort(),
    });
    await resumeRun(join(folder, 'half'), host);
    const bytes = (name: string) => readFile(join(folder, name, 'adapter.safetensors'));
    expect((await bytes('half')).equals(await bytes('whole'))).toBe(true);
  });

  test('say in the adapter which layer they were told by', async () => {
    const path = join(folder, 'skipped', 'adapter.safetensors');
    const { training } = decodeAdapterFile(await readFile(path), path);
    expect(training?.clipSkip).toBe(2);
  });

  test('are refused with their picture before anything is written', async () => {
    const broken = join(folder, 'broken');
    await mkdir(broken);
    await copyFile(join(images, '0.png'), join(broken, '0.png'));
    await writeFile(join(broken, '0.txt'), 'one {subject}, (snow:1,4)');
    await expect(startRun(options('none', { images: broken }), host)).rejects.toMatchObject({
      code: 'PROMPT_WEIGHT',
      message: expect.stringContaining('the caption of 0.png'),
    });
    expect(await readdir(folder)).not.toContain('none');
    const samplePrompt = ['a [{subject}:cat:0.5]'];
    const previews = options('none', { sampleEvery: 1, samplePrompt });
    await expect(startRun(previews, host)).rejects.toMatchObject({ code: 'PROMPT_UNSUPPORTED' });
    const other = {
      images,
      subject: 'mno cat',
      captions: false,
      prompt: 'one {subject}, (snow:1,4)',
    };
    await expect(startRun(options('none', { concept: [other] }), host)).rejects.toMatchObject({
      code: 'PROMPT_WEIGHT',
      message: expect.stringMatching(/^concept 1: prompt: /),
    });
  });
});
