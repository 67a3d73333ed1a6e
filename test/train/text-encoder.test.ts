import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeAdapterFile } from '../../src/adapters/index.ts';
import { ConfigError } from '../../src/base/errors.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { generate } from '../../src/generate/generate.ts';
import { resumeRun, startRun } from '../../src/train/run.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { networks } from './networks.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-text-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const now = () => 0;
const host = { now, networks };
const images = join(pocketFolder(), 'subjects', 'teapot');

function options(name: string, more: Partial<TrainOptions> = {}): TrainOptions {
  const out = join(folder, name);
  return { images, subject: 'sks teapot', steps: 2, batchSize: 1, seed: 3, out, ...more };
}

async function adapterOf(name: string) {
  const path = join(folder, name, 'adapter.safetensors');
  return decodeAdapterFile(await readFile(path), path);
}

describe('training text encoders', () => {
  test('adapts their sites beside the UNet’s, and resumes to the byte', async () => {
    const targets = ['attn2.to_k', 'text-encoder'];
    await startRun(options('whole', { targets }), host);
    const { placed, tensors } = await adapterOf('whole');
    const parts = new Set(
      placed.flatMap(({ sites }) => sites.map(({ name }) => name.split('.')[0])),
    );
    expect(parts).toEqual(new Set(['unet', 'text_encoder']));
    for (const [name, { data }] of tensors) {
      if (name.endsWith('.B'))
        expect([name, data.some((value) => value !== 0)]).toEqual([name, true]);
    }
    const stop = new AbortController();
    await startRun(options('half', { targets, checkpointEvery: 1 }), {
      ...host,
      signal: stop.signal,
      listener: ({ type }) => type === 'checkpoint' && stop.abort(),
    });
    await resumeRun(join(folder, 'half'), host);
    const bytes = (name: string) => readFile(join(folder, name, 'adapter.safetensors'));
    expect((await bytes('half')).equals(await bytes('whole'))).toBe(true);
  });

  test('teaches a new word beside the adapter, which prompts may use', async () => {
    const subject = '<pot> teapot';
    await startRun(options('word', { subject, newToken: true, tokenVectors: 2 }), host);
    const { placed, tensors } = await adapterOf('word');
    expect(placed.map(({ adapter }) => adapter.method)).toEqual(['krona', 'textual-inversion']);
    const vectors = tensors.get('text_encoder.text_model.embeddings.token_embedding.vectors');
    expect(vectors?.shape[0]).toBe(2);
    const draw = (name: string, strength: number, prompt: string) =>
      generate(
        {
          run: join(folder, 'word'),
          prompt,
          count: 1,
          steps: 3,
          strength,
          out: join(folder, name),
        },
        host,
      );
    const pixels = async (name: string) => await readFile(join(folder, name, '0001-seed0.png'));
    await draw('with', 1, 'a {subject}');
    await draw('without', 1, 'a teapot');
    expect((await pixels('with')).equals(await pixels('without'))).toBe(false);
  });

  test('teaches nothing but a word where asked to', async () => {
    const subject = '<pot> teapot';
    await startRun(options('inversion', { subject, adapter: 'textual-inversion' }), host);
    const { placed, tensors } = await adapterOf('inversion');
    expect(placed.map(({ adapter }) => adapter.method)).toEqual(['textual-inversion']);
    expect([...tensors.keys()]).toEqual([
      'text_encoder.text_model.embeddings.token_embedding.vectors',
    ]);
  });

  test('refuses a prompt without the new word, which would not be trained', async () => {
    const given = options('unused', { newToken: true, prompt: 'a photo of a teapot' });
    await expect(startRun(given, host)).rejects.toMatchObject({
      code: 'WORD_NOT_IN_PROMPT',
    });
  });

  test('refuses a word to start from that has no tokens', async () => {
    const given = options('none', { newToken: true, initialWord: ' ' });
    await expect(startRun(given, host)).rejects.toThrow(ConfigError);
  });
});
