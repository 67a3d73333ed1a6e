/** @file A hub that answers wrongly, without end or too slowly. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pocketFolder } from '../../src/data/pocket.ts';
import type { HubEvent, HubHost } from '../../src/storage/hub/hub-events.ts';
import { parseHubName } from '../../src/storage/hub/hub-name.ts';
import { type HubSnapshot, openHubModel } from '../../src/storage/hub/snapshot.ts';
import {
  type Asked,
  commitOf,
  type FakeHub,
  filesOf,
  repository,
  startFakeHub,
} from './fake-hub.ts';

const pocket = filesOf(pocketFolder());
const weights = 'unet/diffusion_pytorch_model.safetensors';

let hub: FakeHub;
let home: string;
let events: HubEvent[];

beforeEach(async () => {
  hub = await startFakeHub(pocket);
  home = await mkdtemp(join(tmpdir(), 'krona-hub-'));
  events = [];
});

afterEach(async () => {
  await hub.close();
  await rm(home, { recursive: true });
});

const name = parseHubName(repository);

const hostOf = (host: HubHost): HubHost => ({
  listener: (event) => events.push(event),
  sleep: async () => {},
  ...host,
  environment: { HF_HOME: home, HF_ENDPOINT: hub.url },
});

async function open(host: HubHost = {}): Promise<HubSnapshot> {
  if (name === undefined) throw new Error('no name');
  return await openHubModel(name, hostOf(host));
}

const blobFolder = () => join(home, 'hub', 'models--owner--pocket', 'blobs');

/** Gives files within the hub another etag than that of their content. */
function withEtag(etagOf: (path: string) => string): void {
  hub.tellsFacts = false;
  hub.intercept = ({ method, path }: Asked) => {
    const file = path.replace(`/${repository}/resolve/${commitOf('0')}/`, '');
    const bytes = pocket.get(file);
    if (method !== 'HEAD' || bytes === undefined) return undefined;
    return {
      status: 200,
      headers: { 'X-Linked-ETag': etagOf(file), 'X-Linked-Size': String(bytes.length) },
    };
  };
}

test('files that share an etag which is no hash of them do not share their content', async () => {
  withEtag(() => '"same"');
  const { folder } = await open();
  for (const path of ['unet/config.json', 'vae/config.json', 'model_index.json', weights]) {
    expect(readFileSync(join(folder, path)).equals(pocket.get(path) ?? Buffer.of())).toBe(true);
  }
});

test('files of one size that share such an etag do not either', async () => {
  const config = pocket.get('unet/config.json') ?? Buffer.of();
  const other = Uint8Array.from(config).fill(32, 1, config.length - 1);
  const files = new Map(pocket).set('vae/config.json', other);
  hub.commits.set(commitOf('0'), files);
  withEtag(() => '"same"');
  hub.intercept = ((inner) => (asked: Asked) => {
    if (asked.method !== 'HEAD' || !asked.path.endsWith('vae/config.json')) return inner?.(asked);
    const headers = { 'X-Linked-ETag': '"same"', 'X-Linked-Size': String(other.length) };
    return { status: 200, headers };
  })(hub.intercept);
  const { folder } = await open();
  expect(readFileSync(join(folder, 'vae/config.json')).equals(other)).toBe(true);
  expect(readFileSync(join(folder, 'unet/config.json')).equals(config)).toBe(true);
});

test('an etag may be of any length and hold anything', async () => {
  withEtag((path) => `"${path === weights ? 'x'.repeat(300) : `../../../${path}`}"`);
  const { folder } = await open();
  const found = readFileSync(join(folder, weights));
  expect(found.equals(pocket.get(weights) ?? Buffer.of())).toBe(true);
  expect(readdirSync(blobFolder()).every((blob) => /^krona-[0-9a-f]{64}$/.test(blob))).toBe(true);
});

test('a listing without end is given up', async () => {
  const body = `{"sha":"${commitOf('0')}","siblings":[${' '.repeat(130 * 2 ** 20)}]}`;
  hub.intercept = ({ path }) =>
    path.startsWith('/api/models/') ? { status: 200, body } : undefined;
  await expect(open()).rejects.toMatchObject({
    code: 'HUB_ANSWER',
    message: expect.stringContaining('at most 128 MiB'),
  });
});

test.each([{ tellsFacts: true }, { tellsFacts: false }])(
  'a configuration of terabytes is refused before it is downloaded: $tellsFacts',
  async (held) => {
    Object.assign(hub, held);
    hub.announced.set('model_index.json', 1e12);
    hub.intercept = ({ method, path }) =>
      method === 'HEAD' && path.endsWith('model_index.json')
        ? { status: 200, headers: { 'X-Linked-ETag': '"a"', 'X-Linked-Size': '1000000000000' } }
        : undefined;
    await expect(open()).rejects.toMatchObject({ code: 'HUB_ANSWER' });
    expect(hub.asked.some(({ method, path }) => method === 'GET' && path.includes('resolve'))).toBe(
      false,
    );
  },
);

test('a transfer of a few bytes a second is given up, and what came is kept', async () => {
  hub.drips.set(weights, { bytes: 5, every: 20 });
  // 256 bytes a second make 102 in this window; 5 every 20 ms make 100 at most.
  await expect(open({ patience: 400 })).rejects.toMatchObject({
    code: 'HUB_UNREACHABLE',
    message: expect.stringMatching(/only \d+ bytes came in 0\.4 s, expected 256 a second/),
  });
  expect(events.filter(({ type }) => type === 'download-retry')).toHaveLength(4);
  const partial = readdirSync(blobFolder()).find((file) => file.endsWith('.krona.incomplete'));
  expect(statSync(join(blobFolder(), partial ?? '')).size).toBeGreaterThan(0);
  hub.drips.clear();
  const { folder } = await open();
  expect(readFileSync(join(folder, weights)).equals(pocket.get(weights) ?? Buffer.of())).toBe(true);
});

test('a server that sends a byte and hangs up is not followed for ever', async () => {
  let asked = 0;
  hub.intercept = ({ method, path }) => {
    if (method === 'GET' && path.endsWith(weights)) {
      asked += 1;
      hub.cuts.set(weights, asked);
    }
    return undefined;
  };
  await expect(open()).rejects.toMatchObject({ code: 'HUB_UNREACHABLE' });
  expect(asked).toBe(5);
});

test('a listed path that leads out of the snapshot is refused', async () => {
  const outside = '../../../../../escaped.json';
  hub.commits.set(commitOf('0'), new Map(pocket).set(outside, Buffer.from('{}')));
  if (name === undefined) throw new Error('no name');
  const opening = openHubModel(name, hostOf({}), { choose: () => [outside] });
  await expect(opening).rejects.toMatchObject({ code: 'NAME_NOT_A_PATH' });
  expect(existsSync(join(home, 'escaped.json'))).toBe(false);
});
