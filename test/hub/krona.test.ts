/** @file The command with a base model of the hub: downloaded once, trained on, found again without a network. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pocketFolder } from '../../src/data/pocket.ts';
import type { BaseModel } from '../../src/pipeline/base/base-model.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { hubNameUnlessPath } from '../../src/storage/hub/local-first.ts';
import { openSafetensors, readTensor } from '../../src/storage/weights/safetensors-file.ts';
import { jsonLines, krona } from '../cli/terminal.ts';
import { commitOf, type FakeHub, filesOf, repository, sha256, startFakeHub } from './fake-hub.ts';

const pocket = filesOf(pocketFolder());
const pinned = `${repository}@${commitOf('0')}`;
const images = join(pocketFolder(), 'subjects', 'teapot');

let hub: FakeHub;
let folder: string;

beforeEach(async () => {
  hub = await startFakeHub(pocket);
  folder = mkdtempSync(join(tmpdir(), 'krona-hub-'));
  vi.stubEnv('HF_HOME', join(folder, 'huggingface'));
  vi.stubEnv('HF_ENDPOINT', hub.url);
  for (const name of ['HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'HF_TOKEN', 'HF_TOKEN_PATH']) {
    vi.stubEnv(name, undefined);
  }
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  rmSync(folder, { recursive: true });
});

const train = (base: string, out: string, ...flags: readonly string[]) => [
  ...['train', '--base', base, '--images', images, '--subject', 'sks teapot', '--steps', '2'],
  ...['--batch-size', '1', '--out', join(folder, out), ...flags],
];

async function tensorsOf(run: string): Promise<ReadonlyMap<string, unknown>> {
  const { path, header } = await openSafetensors(join(folder, run, 'adapter.safetensors'));
  const tensors = new Map<string, unknown>();
  for (const [name, entry] of header.entries) tensors.set(name, await readTensor(path, entry));
  return tensors;
}

describe('a base model of the hub', () => {
  test('trains and generates as the same model in a folder does, downloaded once', async () => {
    const { code, err } = await krona(train(repository, 'of-hub'));
    expect({ code, err }).toMatchObject({ code: 0 });
    // Six of 13 are configurations, which were looked at before.
    expect(err).toContain(`downloading ${repository}@main: 7 files, `);
    expect(err).toMatch(/\ndownloaded \d\S* MB\n/);
    await krona(train('pocket', 'of-folder'));
    expect(await tensorsOf('of-hub')).toEqual(await tensorsOf('of-folder'));

    hub.asked.length = 0;
    const run = join(folder, 'of-hub');
    const record: unknown = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
    expect(record).toMatchObject({ base: { name: pinned } });
    const out = join(folder, 'pictures');
    const generated = await krona([
      ...['generate', '--run', run, '--prompt', 'a {subject}', '--count', '1', '--steps', '2'],
      ...['--offline', '--out', out],
    ]);
    expect(generated).toMatchObject({ code: 0 });
    expect(readdirSync(out)).toHaveLength(2); // the picture and the sheet
    expect(hub.asked).toEqual([]);
  });

  test('is asked for with its progress as events, where programs listen', async () => {
    const { out } = await krona(train(repository, 'json', '--json'));
    const types = new Set(jsonLines(out).map(({ type }) => type));
    expect([...types].slice(0, 3)).toEqual([
      'download-started',
      'download-progress',
      'download-finished',
    ]);
  });

  test('goes on downloading after Ctrl-C', async () => {
    const stopped = await krona(train(repository, 'stopped', '--json'), {
      onOutput: (text, interrupt) => {
        if (/"doneBytes":\d{7}/.test(text)) interrupt();
      },
    });
    expect(stopped.code).toBe(130);
    const { out } = await krona(train(repository, 'stopped', '--json'));
    const bytesOf = (text: string) =>
      jsonLines(text).reduce((sum, { bytes, type }) => {
        return sum + (type === 'download-progress' ? Number(bytes) : 0);
      }, 0);
    const total = Number(jsonLines(out)[0]?.totalBytes);
    expect(bytesOf(stopped.out) + bytesOf(out)).toBe(total);
  });

  test('is planned for from its configurations alone, afterwards without a network', async () => {
    const plan = ['plan', '--base', repository, '--memory', '8GB', '--json'];
    const { code, out } = await krona(plan);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ base: pinned, parameters: 11_520, sites: 56 });
    const fetched = hub.asked.filter(({ method }) => method === 'GET').map(({ path }) => path);
    expect(fetched.filter((path) => /safetensors|merges|vocab/.test(path))).toEqual([]);
    hub.asked.length = 0;
    expect(await krona([...plan, '--offline'])).toMatchObject({ code: 0, out });
    expect(hub.asked).toEqual([]);
    // What is planned for is not yet there to compute with.
    expect(await krona([...train(repository, 'none'), '--offline'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('[HUB_OFFLINE]'),
    });
  });

  test('that does not exist fails with advice', async () => {
    const { code, err } = await krona(train('ovner/pocket', 'none'));
    expect(code).toBe(1);
    expect(err).toMatch(/did you mean "owner\/pocket"\?.*\[HUB_NOT_FOUND\]/);
  });

  test('of another kind is refused before its weights are downloaded', async () => {
    const index = new TextEncoder().encode('{ "_class_name": "FluxPipeline" }');
    hub.commits.set(commitOf('0'), new Map(pocket).set('model_index.json', index));
    await expect(openBaseModel(repository)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
    expect(hub.asked.filter(({ server }) => server === 'store')).toEqual([]);
  });

  test('is read in the variant asked for, where the cache has several', async () => {
    const half = 'unet/diffusion_pytorch_model.fp16.safetensors';
    const plain = 'unet/diffusion_pytorch_model.safetensors';
    const weights = pocket.get(plain) ?? new Uint8Array();
    const others = weights.with(-1, (weights.at(-1) ?? 0) ^ 1);
    hub.commits.set(commitOf('0'), new Map(pocket).set(half, others));
    const base = await openBaseModel(repository);
    const variant = await openBaseModel(`${repository}:fp16`);
    expect(variant.name).toBe(`${pinned}:fp16`);
    expect(variant.folder).toBe(base.folder);
    const files = ({ unet }: BaseModel) =>
      new Set([...unet.weights.places.values()].map(({ file }) => basename(file)));
    expect(files(base)).toEqual(new Set([sha256(weights)]));
    expect(files(variant)).toEqual(new Set([sha256(others)]));
  });
});

describe('a name', () => {
  test('of an existing folder is that folder', async () => {
    expect(await hubNameUnlessPath('src/storage')).toBeUndefined();
    expect(await hubNameUnlessPath('src/no-such')).toMatchObject({ repository: 'src/no-such' });
  });
});
