/** @file Programs without types are told what is wrong too, by name, before anything is done. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  ConfigError,
  convert,
  evaluate,
  extract,
  inspect,
  loadPipeline,
  ModelError,
  merge,
  plan,
  resume,
  sweep,
  train,
} from '../../src/index.ts';

const calls = {
  convert,
  evaluate,
  extract,
  inspect,
  loadPipeline,
  merge,
  plan,
  resume,
  sweep,
  train,
};

type Call = keyof typeof calls;

/** Calls a function as a program without types may. */
async function refused(name: Call, options: unknown): Promise<unknown> {
  const call = calls[name] as (options: unknown) => PromiseLike<unknown>;
  return await call(options).then(
    () => 'nothing was refused',
    (error: unknown) => error,
  );
}

const run = { images: 'pocket/dog', subject: 'sks dog' };

test.each<[Call, unknown, string]>([
  ['train', undefined, 'images: expected text or a list, found nothing'],
  ['train', { ...run, images: '' }, 'images: expected text that is not empty, found ""'],
  ['train', { ...run, images: [] }, 'images: expected a list of at least 1, found an empty list'],
  ['train', { ...run, images: [5] }, 'images[0]: expected text or Uint8Array or Blob, found 5'],
  ['train', { ...run, out: '' }, 'out: expected text that is not empty, found ""'],
  [
    'train',
    { ...run, out: 'o', a1: 4 },
    'there is no setting "a1" for training; it is an option of the method krona: write adapterOptions: { a1: 4 }',
  ],
  [
    'plan',
    { base: 'pocket', rank: 4 },
    'there is no setting "rank" for a plan; it is an option of the method lora, ',
  ],
  ['resume', {}, 'run: expected text, found nothing'],
  [
    'resume',
    { run: 'r', stpes: 4 },
    'there is no setting "stpes" for going on; did you mean "steps"?',
  ],
  ['evaluate', { pictures: [[]] }, 'pictures[0]: expected a list of at least 1'],
  ['evaluate', { pictures: [['a.png'], 5] }, 'pictures[1]: expected a list, found 5'],
  ['evaluate', { pictures: [['a.png']], subject: 'sks dog' }, 'images: expected the folder'],
  ['sweep', {}, 'spec: expected text, found nothing'],
  ['convert', { adapter: 'a', to: 'bogus' }, 'to: expected one of krona, kohya, '],
  [
    'convert',
    { adapter: 'a', to: 'kohya', out: 'o', form: { as: 'lora', rank: -1 } },
    'form.rank: expected a number above 0, found -1',
  ],
  [
    'convert',
    { adapter: 'a', to: 'kohya', out: 'o', form: { as: 'bogus' } },
    'form.as: expected one of lora, krona, diff, found "bogus"',
  ],
  ['convert', { adapter: 'a', to: 'kohya', out: 'o', dtype: 'f8' }, 'dtype: expected one of f16, '],
  ['merge', undefined, 'into: expected one of model, adapter, found nothing'],
  ['merge', { into: 'soup' }, 'into: expected one of model, adapter, found "soup"'],
  [
    'merge',
    { into: 'adapter', adapters: [], out: 'o' },
    'adapters: expected a list of at least 1, found an empty list',
  ],
  [
    'merge',
    { into: 'model', adapters: [{ file: 'a', strength: 'x' }], out: 'o' },
    'adapters[0].strength: expected a number, found "x"',
  ],
  ['extract', { from: 'a', base: 'b', out: 'o', targets: 5 }, 'targets: expected a list, found 5'],
  ['inspect', undefined, 'path: expected text, found nothing'],
  ['plan', { base: 5 }, 'base: expected text, found 5'],
  [
    'loadPipeline',
    { base: 'pocket', networks: -1 },
    'networks: expected a number above 0, found -1',
  ],
])('%s(%j)', async (name, options, said) => {
  const error = await refused(name, options);
  expect(error).toBeInstanceOf(ConfigError);
  expect(error).toMatchObject({ message: expect.stringContaining(said) });
});

test.each([
  [undefined, {}, 'adapter: expected text or Uint8Array or Blob, found nothing'],
  ['dog', { strength: 'x' }, 'strength: expected a number, found "x"'],
  ['dog', { from: 0.9, to: 0.1 }, 'from must be below to'],
])('an adapter %j of a pipeline used as %j', async (source, use, said) => {
  await using pipeline = await loadPipeline('pocket');
  const useAdapter = pipeline.useAdapter.bind(pipeline) as (
    ...given: unknown[]
  ) => Promise<unknown>;
  await expect(useAdapter(source, use)).rejects.toThrow(said);
});

test.each([
  [
    'sd15',
    '"stable-diffusion-v1-5/stable-diffusion-v1-5" is Stable Diffusion 1.5 with its weights',
  ],
  ['nowhere', 'owner/name of the hub, or "pocket" for the bundled model'],
])('a base %s that is not there says where there is one', async (base, said) => {
  const error = await refused('loadPipeline', base);
  expect(error).toBeInstanceOf(ModelError);
  expect(error).toMatchObject({ code: 'NOT_A_MODEL', message: expect.stringContaining(said) });
});

test('a base whose index is broken says where it is broken, not that there is none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'krona-index-'));
  await writeFile(join(folder, 'model_index.json'), '{ "unet": [');
  const error = await refused('loadPipeline', folder);
  await rm(folder, { recursive: true });
  expect(error).toMatchObject({ code: 'JSON_INVALID' });
  expect(error).toHaveProperty(
    'message',
    expect.stringContaining(join(folder, 'model_index.json')),
  );
});
