import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pocketFolder } from '../../src/data/pocket.ts';
import type { HubEvent, HubHost } from '../../src/storage/hub/hub-events.ts';
import { type HubName, parseHubName } from '../../src/storage/hub/hub-name.ts';
import { type HubSnapshot, openHubModel } from '../../src/storage/hub/snapshot.ts';
import {
  commitOf,
  etagOf,
  type FakeHub,
  type Files,
  filesOf,
  gitName,
  repository,
  startFakeHub,
} from './fake-hub.ts';

/** The pocket model, of whose weights a part is enough: a download does not look into them. */
const pocket: Files = new Map(
  [...filesOf(pocketFolder())].map(([path, bytes]) => [path, bytes.subarray(0, 1_000_000)]),
);
const weights = 'unet/diffusion_pytorch_model.safetensors';

/** What of the pocket model is needed to train and generate. */
const needed = [
  'krona.json',
  'model_index.json',
  'scheduler/scheduler_config.json',
  'text_encoder/config.json',
  'text_encoder/model.safetensors',
  'tokenizer/merges.txt',
  'tokenizer/special_tokens_map.json',
  'tokenizer/tokenizer_config.json',
  'tokenizer/vocab.json',
  'unet/config.json',
  weights,
  'vae/config.json',
  'vae/diffusion_pytorch_model.safetensors',
];

const contentOf = (path: string, files: Files = pocket): Uint8Array => {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`the pocket model has no ${path}`);
  return bytes;
};

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

const named = (text: string): HubName => {
  const name = parseHubName(text);
  if (name === undefined) throw new Error(`${text} is no name`);
  return name;
};

/** Opens a model with a cache of this test, without waiting between retries. */
async function open(text: string, host: HubHost = {}): Promise<HubSnapshot> {
  return await openHubModel(named(text), {
    listener: (event) => events.push(event),
    sleep: async () => {},
    ...host,
    environment: { HF_HOME: home, HF_ENDPOINT: hub.url, ...host.environment },
  });
}

const repositoryFolder = () => join(home, 'hub', 'models--owner--pocket');
const blobs = () => readdirSync(join(repositoryFolder(), 'blobs')).sort();
const requestsOf = (path: string, method = 'GET') =>
  hub.asked.filter((one) => one.method === method && one.path.endsWith(path));
const progress = () =>
  events.flatMap((event) => (event.type === 'download-progress' ? [event] : []));

/** All files of a snapshot with their content. */
const snapshotOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();

function interruptedAt(bytes: number): HubHost {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    listener: (event) => {
      events.push(event);
      const isFar = event.type === 'download-progress' && event.doneBytes >= bytes;
      if (isFar) controller.abort(new Error('stopped by the user'));
    },
  };
}

describe('the cache', () => {
  test('holds the needed files and no others, byte for byte', async () => {
    const { folder } = await open(repository);
    expect(snapshotOf(folder)).toEqual(needed);
    for (const path of needed) {
      expect(readFileSync(join(folder, path)).equals(contentOf(path))).toBe(true);
    }
    expect(requestsOf('samples.png', 'HEAD')).toEqual([]);
  });

  test('is laid out as huggingface_hub lays it out', async () => {
    const { folder, commit } = await open(repository);
    expect(commit).toBe(commitOf('0'));
    expect(folder).toBe(join(repositoryFolder(), 'snapshots', commit));
    expect(readFileSync(join(repositoryFolder(), 'refs', 'main'), 'utf8')).toBe(commit);
    for (const path of needed) {
      const up = path.includes('/') ? '../../../' : '../../';
      expect(readlinkSync(join(folder, path))).toBe(`${up}blobs/${etagOf(path, contentOf(path))}`);
    }
    const names = needed.map((path) => etagOf(path, contentOf(path)));
    expect(blobs()).toEqual([...new Set(names)].sort());
    expect(readdirSync(repositoryFolder()).sort()).toEqual(['blobs', 'refs', 'snapshots']);
  });

  test('shares what did not change between two commits', async () => {
    await open(repository);
    const changed = new Map(pocket).set('krona.json', new TextEncoder().encode('{}'));
    hub.commits.set(commitOf('1'), changed);
    hub.refs.set('main', commitOf('1'));
    hub.asked.length = 0;
    const { folder } = await open(repository);
    expect(readFileSync(join(folder, 'krona.json'), 'utf8')).toBe('{}');
    expect(
      hub.asked.filter(({ method, path }) => method === 'GET' && !path.includes('/api/models')),
    ).toHaveLength(2); // krona.json, and the redirection on the way to it
    expect(blobs()).toContain(gitName(contentOf('krona.json')));
  });

  test('uses hard links where symbolic ones are switched off', async () => {
    const { folder } = await open(repository, { environment: { HF_HUB_DISABLE_SYMLINKS: '1' } });
    const placed = lstatSync(join(folder, weights));
    expect(placed.isSymbolicLink()).toBe(false);
    const blob = join(repositoryFolder(), 'blobs', etagOf(weights, contentOf(weights)));
    expect(placed.ino).toBe(statSync(blob).ino);
  });

  test('is where the environment says', async () => {
    const cache = join(home, 'elsewhere');
    const { folder } = await open(repository, { environment: { HF_HUB_CACHE: cache } });
    expect(folder.startsWith(join(cache, 'models--owner--pocket'))).toBe(true);
  });

  test('is mended where a blob is gone', async () => {
    const { folder } = await open(repository);
    await unlink(join(repositoryFolder(), 'blobs', etagOf(weights, contentOf(weights))));
    await open(repository);
    expect(readFileSync(join(folder, weights)).equals(contentOf(weights))).toBe(true);
  });
});

describe('sizes and checksums', () => {
  test('come with the listing: no file is asked for them', async () => {
    await open(repository);
    expect(hub.asked.filter(({ method }) => method === 'HEAD')).toEqual([]);
  });

  test('come of each file, where a mirror does not list them', async () => {
    hub.tellsFacts = false;
    const { folder } = await open(repository);
    expect(snapshotOf(folder)).toEqual(needed);
    expect(blobs()).toContain(etagOf(weights, contentOf(weights)));
    expect(requestsOf(weights, 'HEAD')).toHaveLength(1);
  });
});

describe('an interrupted download', () => {
  test('goes on with a range where the connection broke', async () => {
    const { length } = contentOf(weights);
    hub.cuts.set(weights, Math.floor(length / 2));
    const { folder } = await open(repository);
    expect(readFileSync(join(folder, weights)).equals(contentOf(weights))).toBe(true);
    const [first, second] = requestsOf(weights).filter(({ server }) => server === 'store');
    expect(first?.range).toBeUndefined();
    const from = Number(/^bytes=(\d+)-$/.exec(second?.range ?? '')?.[1]);
    expect(from).toBeGreaterThan(0);
    expect(from).toBeLessThanOrEqual(Math.floor(length / 2));
    const received = progress().filter(({ file }) => file === weights);
    expect(received.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(length);
    expect(events).toContainEqual(expect.objectContaining({ type: 'download-retry', attempt: 1 }));
  });

  test('goes on in the next attempt, and nothing is downloaded twice', async () => {
    const total = needed.reduce((sum, path) => sum + contentOf(path).length, 0);
    await expect(open(repository, interruptedAt(total / 2))).rejects.toThrow('stopped by the user');
    expect(existsSync(join(repositoryFolder(), 'refs', 'main'))).toBe(false);
    const before = progress().reduce((sum, { bytes }) => sum + bytes, 0);
    events = [];
    const { folder } = await open(repository);
    expect(snapshotOf(folder)).toEqual(needed);
    const after = progress().reduce((sum, { bytes }) => sum + bytes, 0);
    const indexBytes = contentOf('model_index.json').length;
    expect(before + after + indexBytes).toBe(total);
    expect(blobs().filter((name) => name.endsWith('.incomplete'))).toEqual([]);
  });

  test('goes on however often the connection breaks, as long as something comes', async () => {
    let cuts = 0;
    hub.intercept = ({ path, method }) => {
      if (method === 'GET' && path.endsWith(weights) && cuts < 12) {
        cuts += 1;
        hub.cuts.set(weights, 10_000 * cuts);
      }
      return undefined;
    };
    const { folder } = await open(repository);
    expect(cuts).toBe(12);
    expect(readFileSync(join(folder, weights)).equals(contentOf(weights))).toBe(true);
  });

  test('begins again where the server knows no ranges', async () => {
    hub.ranges = false;
    hub.cuts.set(weights, 1000);
    const { folder } = await open(repository);
    expect(readFileSync(join(folder, weights)).equals(contentOf(weights))).toBe(true);
    expect(progress().at(-1)?.doneBytes).toBe(progress().at(-1)?.totalBytes);
  });

  test('gives up where a server without ranges always breaks at the same place', async () => {
    hub.ranges = false;
    hub.intercept = ({ path, method }) => {
      if (method === 'GET' && path.endsWith(weights)) hub.cuts.set(weights, 1000);
      return undefined;
    };
    await expect(open(repository)).rejects.toMatchObject({ code: 'HUB_UNREACHABLE' });
  });

  test('does not trust what a crash left behind', async () => {
    const content = contentOf(weights);
    await expect(open(repository, interruptedAt(1))).rejects.toThrow();
    const partial = `${etagOf(weights, content)}.krona.incomplete`;
    await writeFile(join(repositoryFolder(), 'blobs', partial), new Uint8Array(5000));
    const { folder } = await open(repository);
    expect(readFileSync(join(folder, weights)).equals(content)).toBe(true);
  });
});

describe('a damaged download', () => {
  test.each([weights, 'tokenizer/merges.txt'])('of %s is refused and removed', async (path) => {
    hub.damaged.add(path);
    await expect(open(repository)).rejects.toMatchObject({
      code: 'HUB_CHECKSUM',
      message: expect.stringContaining(path),
    });
    const etag = etagOf(path, contentOf(path));
    expect(blobs().filter((name) => name.startsWith(etag))).toEqual([]);
    expect(existsSync(join(repositoryFolder(), 'snapshots'))).toBe(false);
    hub.damaged.clear();
    await open(repository);
  });

  test('that is shorter than announced is not kept as if it were whole', async () => {
    hub.announced.set(weights, contentOf(weights).length + 10);
    await expect(open(repository)).rejects.toThrow();
    expect(blobs()).not.toContain(etagOf(weights, contentOf(weights)));
  });

  test('that cannot fit on the disk does not begin', async () => {
    hub.announced.set(weights, 2 ** 52);
    await expect(open(repository)).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining('HF_HOME'),
    });
    expect(requestsOf(weights)).toEqual([]);
  });
});

describe('without a network', () => {
  test('a complete model opens when told to stay offline, and nothing is asked', async () => {
    const { folder } = await open(repository);
    hub.asked.length = 0;
    const again = await open(repository, { offline: true });
    expect(again.folder).toBe(folder);
    const byVariable = await open(repository, { environment: { HF_HUB_OFFLINE: '1' } });
    expect(byVariable.folder).toBe(folder);
    expect(hub.asked).toEqual([]);
  });

  test('a complete model opens with a warning when the hub cannot be reached', async () => {
    const { folder } = await open(repository);
    const url = hub.url;
    await hub.close();
    const again = await open(repository, { environment: { HF_ENDPOINT: url } });
    expect(again.folder).toBe(folder);
    expect(events.at(-1)).toMatchObject({
      type: 'download-warning',
      message: expect.stringContaining('going on with the copy in the cache'),
    });
    hub = await startFakeHub(pocket);
  });

  test('a model that lacks a file is refused, with the file', async () => {
    const { folder } = await open(repository);
    await unlink(join(folder, 'vae/config.json'));
    await expect(open(repository, { offline: true })).rejects.toMatchObject({
      code: 'HUB_OFFLINE',
      message: expect.stringContaining('vae/config.json'),
    });
  });

  test('a model that was never downloaded is refused', async () => {
    await expect(open(repository, { offline: true })).rejects.toMatchObject({
      code: 'HUB_OFFLINE',
      message: expect.stringContaining('nothing of it'),
    });
    expect(hub.asked).toEqual([]);
  });

  test('a model that is not in the cache fails after some tries, with growing pauses', async () => {
    const { url } = hub;
    await hub.close();
    const waits: number[] = [];
    const opening = open(repository, {
      environment: { HF_ENDPOINT: url },
      sleep: async (milliseconds) => void waits.push(milliseconds),
    });
    await expect(opening).rejects.toMatchObject({ code: 'HUB_UNREACHABLE' });
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
    hub = await startFakeHub(pocket);
  });
});

describe('a revision', () => {
  beforeEach(() => {
    hub.commits.set(commitOf('1'), new Map(pocket).set('krona.json', new Uint8Array([123, 125])));
    hub.refs.set('refs/pr/1', commitOf('1'));
  });

  test('is a branch or a tag, remembered under its name', async () => {
    const { commit, name } = await open(`${repository}@refs/pr/1`);
    expect(commit).toBe(commitOf('1'));
    expect(name).toBe(`${repository}@${commitOf('1')}`);
    expect(readFileSync(join(repositoryFolder(), 'refs/refs/pr/1'), 'utf8')).toBe(commit);
    expect(existsSync(join(repositoryFolder(), 'refs/main'))).toBe(false);
  });

  test('that is a commit stays what it is, and is asked for only once', async () => {
    await open(`${repository}@${commitOf('0')}`);
    hub.refs.set('main', commitOf('1'));
    hub.asked.length = 0;
    const { commit } = await open(`${repository}@${commitOf('0')}`);
    expect(commit).toBe(commitOf('0'));
    expect(hub.asked).toEqual([]);
    expect(existsSync(join(repositoryFolder(), 'refs'))).toBe(false);
  });

  test('that does not exist is refused with the nearest that does', async () => {
    await expect(open(`${repository}@mian`)).rejects.toMatchObject({
      code: 'HUB_REVISION_NOT_FOUND',
      message: expect.stringContaining('did you mean "main"?'),
    });
  });
});

describe('two downloads at once', () => {
  test('wait for each other and share the bytes', async () => {
    const patient = { sleep: async () => await new Promise<void>((done) => setTimeout(done, 20)) };
    const [one, two] = await Promise.all([open(repository, patient), open(repository, patient)]);
    expect(two).toEqual(one);
    expect(snapshotOf(one.folder)).toEqual(needed);
    expect(requestsOf(weights).filter(({ server }) => server === 'store')).toHaveLength(1);
    expect(readdirSync(join(home, 'hub/.locks/models--owner--pocket'))).toEqual([]);
  });

  test('take over the lock of a process that has died', async () => {
    await expect(open(repository, interruptedAt(1))).rejects.toThrow();
    const lock = `${etagOf(weights, contentOf(weights))}.krona.lock`;
    // No system gives out so large a process id (Linux: at most 2^22).
    await writeFile(
      join(home, 'hub/.locks/models--owner--pocket', lock),
      `${hostname()} 99999999 3\n`,
    );
    const { folder } = await open(repository);
    expect(snapshotOf(folder)).toEqual(needed);
  });
});

describe('a lock of another machine', () => {
  test('is taken over once it has shown no sign of life for two minutes', async () => {
    await expect(open(repository, interruptedAt(1))).rejects.toThrow();
    const lock = `${etagOf(weights, contentOf(weights))}.krona.lock`;
    const path = join(home, 'hub/.locks/models--owner--pocket', lock);
    await writeFile(path, 'elsewhere 1 0\n');
    let waited = 0;
    const { folder } = await open(repository, {
      sleep: async (milliseconds) => {
        waited += milliseconds;
        // Half way, its holder is seen to live once more.
        if (waited === 60_000) await writeFile(path, 'elsewhere 1 1\n');
      },
    });
    expect(waited).toBe(180_000);
    expect(snapshotOf(folder)).toEqual(needed);
  });
});

describe('progress', () => {
  test('adds up, with a rate and the time left', async () => {
    let clock = 0;
    await open(repository, { now: () => (clock += 100) });
    const total = needed
      .filter((path) => path !== 'model_index.json')
      .reduce((sum, path) => sum + contentOf(path).length, 0);
    const started = events.find((event) => event.type === 'download-started');
    const indexBytes = contentOf('model_index.json').length;
    expect(started).toMatchObject({ files: needed.length, totalBytes: total + indexBytes });
    expect(progress().reduce((sum, { bytes }) => sum + bytes, 0)).toBe(total);
    let done = 0;
    for (const event of progress()) {
      expect(event.doneBytes).toBeGreaterThanOrEqual(done);
      done = event.doneBytes;
    }
    expect(done).toBe(total + indexBytes);
    expect(progress().at(-1)?.bytesPerSecond).toBeGreaterThan(0);
    expect(progress().at(-1)?.secondsLeft).toBe(0);
    expect(events.at(-1)).toMatchObject({ type: 'download-finished', bytes: total });
  });

  test('is silent where everything is in the cache', async () => {
    await open(repository);
    events = [];
    await open(repository);
    expect(events).toEqual([]);
  });
});

describe('a token', () => {
  const sent = () =>
    new Set(hub.asked.map(({ server, authorization }) => `${server} ${authorization}`));

  test('goes to the hub, never to the store behind it', async () => {
    await open(repository, { environment: { HF_TOKEN: 'hf_secret' } });
    expect(sent()).toEqual(new Set(['hub Bearer hf_secret', 'store undefined']));
  });

  test('is read from its file', async () => {
    await writeFile(join(home, 'token'), 'hf_of_file\n');
    await open(repository);
    expect(sent()).toEqual(new Set(['hub Bearer hf_of_file', 'store undefined']));
  });
});

describe('the hub refuses', () => {
  const answering = (status: number, headers: Readonly<Record<string, string>> = {}) => {
    hub.intercept = () => ({ status, headers });
  };

  test('a repository that does not exist, with the nearest that does', async () => {
    await expect(open('ovner/pocket')).rejects.toMatchObject({
      code: 'HUB_NOT_FOUND',
      message: expect.stringMatching(/did you mean "owner\/pocket"\?.*HF_TOKEN/),
    });
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['without a token', {}, /accept them at .*owner\/pocket, then set HF_TOKEN/],
    ['with a token', { HF_TOKEN: 'hf_x' }, /the account of the token given has not accepted/],
  ])('a gated model %s', async (_, environment, message) => {
    answering(403, { 'X-Error-Code': 'GatedRepo' });
    await expect(open(repository, { environment })).rejects.toMatchObject({
      code: 'HUB_GATED',
      message: expect.stringMatching(message),
    });
  });

  test('a wrong token, and does not repeat it in the message', async () => {
    answering(401, { 'X-Error-Message': 'Invalid credentials in Authorization header' });
    await expect(open(repository, { environment: { HF_TOKEN: 'hf_x9' } })).rejects.toMatchObject({
      code: 'HUB_TOKEN_INVALID',
      message: expect.not.stringContaining('hf_x9'),
    });
  });

  test('too many requests: the pause that it asks for is kept, then it is an error', async () => {
    answering(429, { RateLimit: '"api";r=0;t=7' });
    const waits: number[] = [];
    const opening = open(repository, {
      sleep: async (milliseconds) => void waits.push(milliseconds),
    });
    await expect(opening).rejects.toMatchObject({ code: 'HUB_RATE_LIMITED' });
    expect(new Set(waits)).toEqual(new Set([7000]));
  });

  test('nothing after a hiccup', async () => {
    let failures = 2;
    hub.intercept = () => (failures-- > 0 ? { status: 503 } : undefined);
    const { folder } = await open(repository);
    expect(snapshotOf(folder)).toEqual(needed);
  });

  test('a model that was taken away, but the cache still has it', async () => {
    await open(repository);
    answering(404, { 'X-Error-Code': 'RepoNotFound' });
    await expect(open(repository)).rejects.toMatchObject({
      code: 'HUB_NOT_FOUND',
      message: expect.stringContaining('HF_HUB_OFFLINE=1'),
    });
  });

  test('and a page of somebody else is not taken for an answer', async () => {
    hub.intercept = () => ({ status: 200, body: '<html>please sign in</html>' });
    await expect(open(repository)).rejects.toMatchObject({ code: 'HUB_ANSWER' });
  });
});

describe('a repository', () => {
  test('with pickles only is refused', async () => {
    const files = new Map(pocket);
    files.delete(weights);
    files.set('unet/diffusion_pytorch_model.bin', new Uint8Array(8));
    hub.commits.set(commitOf('0'), files);
    await expect(open(repository)).rejects.toMatchObject({
      code: 'HUB_NO_SAFETENSORS',
      message: expect.stringContaining('unet/diffusion_pytorch_model.bin'),
    });
  });

  test('that is no pipeline is refused with what it holds', async () => {
    hub.commits.set(commitOf('0'), new Map([['v1-5.safetensors', new Uint8Array(8)]]));
    await expect(open(repository)).rejects.toMatchObject({
      code: 'HUB_NOT_A_PIPELINE',
      message: expect.stringContaining('v1-5.safetensors'),
    });
  });

  test('that the caller has no use for is refused before anything large is downloaded', async () => {
    const refuse = () => {
      throw new Error('not this one');
    };
    const environment = { HF_HOME: home, HF_ENDPOINT: hub.url };
    const opening = openHubModel(named(repository), { environment }, { accept: refuse });
    await expect(opening).rejects.toThrow('not this one');
    expect(hub.asked.filter(({ server }) => server === 'store')).toEqual([]);
  });

  test('is downloaded in the variant asked for, where a part has it', async () => {
    const files = new Map(pocket);
    const half = 'unet/diffusion_pytorch_model.fp16.safetensors';
    files.set(half, contentOf(weights));
    hub.commits.set(commitOf('0'), files);
    const { folder, name } = await open(`${repository}:fp16`);
    expect(snapshotOf(folder)).toEqual(needed.map((path) => (path === weights ? half : path)));
    expect(name).toBe(`${repository}@${commitOf('0')}:fp16`);
    await expect(open(`${repository}:fp61`)).rejects.toMatchObject({
      code: 'HUB_NO_VARIANT',
      message: expect.stringContaining('did you mean "fp16"?'),
    });
  });

  test('with half a shard set in the cache is not complete', async () => {
    const { folder } = await open(repository);
    await unlink(join(folder, weights));
    await writeFile(join(folder, 'unet/diffusion_pytorch_model-00001-of-00002.safetensors'), '');
    await writeFile(join(folder, 'unet/diffusion_pytorch_model.safetensors.index.json'), '{}');
    await expect(open(repository, { offline: true })).rejects.toMatchObject({
      code: 'HUB_OFFLINE',
    });
  });
});
