/** @file A run on a hub of this machine, and as a folder. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { publish } from '../../src/api/publishing.ts';
import { startRun } from '../../src/train/run.ts';
import { networks } from '../train/networks.ts';
import { quickPocket } from '../train/quick-pocket.ts';
import { type RecordingHub, recordingHub } from './recording-hub.ts';

const token = 'hf_secret';
let folder: string;
let run: string;
let hub: RecordingHub;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-publish-'));
  run = join(folder, 'run');
  const settings = { images: 'pocket/teapot', subject: 'sks "teapot"', adapter: 'lora' };
  const steps = { steps: 1, batchSize: 1, sampleEvery: 1, adapterOptions: { rank: 1 } };
  const base = await quickPocket();
  await startRun(
    { base, ...settings, class: '"teapot"', ...steps, out: run },
    { now: () => 0, networks },
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  hub = await recordingHub();
});
afterEach(() => hub.close());

const environment = (more: Readonly<Record<string, string>> = { HF_TOKEN: token }) => ({
  ...{ HF_ENDPOINT: hub.endpoint, HF_HOME: join(folder, 'home') },
  ...more,
});
const send = (more = {}, given = environment()) =>
  publish({ run, to: 'me/dog', ...more }, { hub: { environment: given } });

test('a folder has the card, the adapter, the same as a LoRA of diffusers, and pictures', async () => {
  const out = join(folder, 'card');
  const { uploaded } = await publish({ run, out });
  expect(uploaded).toBeUndefined();
  expect(hub.requests).toEqual([]);
  expect((await readdir(out)).sort()).toEqual([
    'README.md',
    'adapter.safetensors',
    'image_0.png',
    'pytorch_lora_weights.safetensors',
  ]);
  const card = await readFile(join(out, 'README.md'), 'utf8');
  const [, yaml = '', body = ''] = card.split(/^---$/m);
  const prompt = 'a sks "teapot"';
  expect(parse(yaml)).toMatchObject({
    ...{ library_name: 'diffusers', instance_prompt: prompt, pipeline_tag: 'text-to-image' },
    tags: expect.arrayContaining(['lora', 'template:sd-lora', 'text-to-image']),
    widget: [{ text: prompt, output: { url: 'image_0.png' } }],
  });
  // A folder of this machine is no model of the hub.
  expect(parse(yaml)).not.toHaveProperty('base_model');
  for (const section of ['<Gallery />', '## Trigger words', '## Files', '## Training']) {
    expect(body).toContain(section);
  }
  for (const name of await readdir(out)) {
    const bytes = await readFile(join(out, name));
    expect([name, bytes.includes(folder), bytes.includes('quick-pocket/')]).toEqual([
      name,
      false,
      false,
    ]);
  }
});

describe('an upload', () => {
  test('makes a private repository, sends large files to the store and commits once', async () => {
    const { uploaded } = await send();
    expect(uploaded).toEqual({ url: `${hub.endpoint}/me/dog`, commit: 'c1' });
    const lines = hub.requests.map(({ line }) => line.replace(/[0-9a-f]{64}/, 'OID'));
    expect(lines).toEqual([
      'POST /api/repos/create',
      'POST /api/models/me/dog/preupload/main',
      'POST /me/dog.git/info/lfs/objects/batch',
      'PUT /objects/OID?signature=hidden',
      'PUT /objects/OID?signature=hidden',
      'POST /api/models/me/dog/commit/main',
    ]);
    expect(JSON.parse(String(hub.requests[0]?.body))).toMatchObject({
      name: 'dog',
      organization: 'me',
    });
    expect(String(hub.requests[0]?.body)).toContain('private');
    for (const { at, authorization } of hub.requests) {
      expect(authorization).toBe(at === 'hub' ? `Bearer ${token}` : undefined);
    }
    const rows = String(hub.requests.at(-1)?.body).trim().split('\n');
    expect(rows.map((row) => JSON.parse(row).key)).toEqual([
      ...['header', 'file', 'lfsFile', 'lfsFile', 'file'],
    ]);
  });

  test('sends nothing a second time', async () => {
    await send();
    const before = hub.requests.length;
    const { uploaded } = await send();
    expect(uploaded?.commit).toBeUndefined();
    const after = hub.requests.slice(before).map(({ line }) => line);
    expect(after).toEqual(['POST /api/repos/create', expect.stringMatching(/^GET .*\/tree\//)]);
  });

  test('leaves a repository alone that holds something else, unless it is to be updated', async () => {
    await send();
    hub.files.set('README.md', { path: 'README.md', oid: 'other', size: 3 });
    await expect(send()).rejects.toThrow(
      expect.objectContaining({ code: 'HUB_REPOSITORY_EXISTS' }),
    );
    const { uploaded } = await send({ update: true });
    expect(uploaded?.commit).toBe('c1');
    expect(hub.requests.at(-1)?.line).toContain('/commit/');
    expect(String(hub.requests.at(-1)?.body).trim().split('\n')).toHaveLength(2);
  });

  test('of an update takes away what only the earlier one had, and nothing of others', async () => {
    await send();
    for (const path of ['image_9.png', 'mine.png']) {
      hub.files.set(path, { path, oid: 'other', size: 3 });
    }
    await expect(send()).rejects.toThrow(
      expect.objectContaining({ code: 'HUB_REPOSITORY_EXISTS' }),
    );
    await send({ update: true });
    expect([...hub.files.keys()]).toContain('mine.png');
    expect([...hub.files.keys()]).not.toContain('image_9.png');
  });

  test('that was broken off goes on without what has arrived', async () => {
    hub.refuse = (line) => (line.includes('/commit/') ? 500 : undefined);
    await expect(send()).rejects.toThrow(expect.objectContaining({ code: 'HUB_FAILED' }));
    expect(hub.files.size).toBe(0);
    hub.refuse = undefined;
    const before = hub.requests.length;
    await send();
    expect(hub.requests.slice(before).filter(({ at }) => at === 'store')).toEqual([]);
    expect(hub.files.size).toBe(4);
  });

  test('stops with its signal', async () => {
    const stop = new AbortController();
    hub.refuse = (line) => {
      if (line.includes('/preupload/')) stop.abort(new Error('enough'));
      return undefined;
    };
    const work = publish(
      { run, to: 'me/dog' },
      { hub: { environment: environment() }, signal: stop.signal },
    );
    await expect(work).rejects.toThrow('enough');
    expect(hub.files.size).toBe(0);
  });

  test.each([
    ['HUB_TOKEN_INVALID', 401],
    ['HUB_FORBIDDEN', 403],
    ['HUB_RATE_LIMITED', 429],
    ['HUB_FAILED', 503],
  ])('is refused with %s, which tells no token', async (code, status) => {
    hub.refuse = () => status;
    const error: unknown = await send().then(
      () => undefined,
      (reason) => reason,
    );
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain(token);
  });

  test('of a store that refuses is no matter of the token, and tells no address', async () => {
    hub.refuse = (line) => (line.startsWith('PUT ') ? 403 : undefined);
    const work = send();
    await expect(work).rejects.toMatchObject({ code: 'HUB_FAILED' });
    await expect(work).rejects.toThrow(/the hub's store answered 403 to \/objects\/[0-9a-f]{64};/);
    await expect(work).rejects.not.toThrow('hidden');
  });

  test('is refused for the lack of a token before anything is made of the run', async () => {
    const work = send({ run: join(folder, 'none') }, environment({}));
    await expect(work).rejects.toMatchObject({ code: 'HUB_TOKEN_MISSING' });
  });

  test('needs a token, a connection and a name', async () => {
    const refused = (code: string) => expect.objectContaining({ code });
    await expect(send({}, environment({}))).rejects.toThrow(refused('HUB_TOKEN_MISSING'));
    const nowhere = { ...environment(), HF_ENDPOINT: 'http://127.0.0.1:9' };
    await expect(send({}, nowhere)).rejects.toThrow(refused('HUB_UNREACHABLE'));
    await expect(send({ to: 'dog' })).rejects.toThrow(refused('PUBLISH_WHERE'));
    await expect(publish({ run })).rejects.toThrow(refused('PUBLISH_WHERE'));
    const out = join(folder, 'unheeded');
    await expect(publish({ run, out, public: true })).rejects.toThrow(refused('SETTING_UNHEEDED'));
    expect(hub.requests).toEqual([]);
  });
});
