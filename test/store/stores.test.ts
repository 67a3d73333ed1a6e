/** @file What every store of results does, in a folder and on S3; and how each says what is wrong. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../src/experiments/store/open-store.ts';
import type { ResultStore } from '../../src/experiments/store/result-store.ts';
import { s3Place } from '../../src/experiments/store/s3-place.ts';
import { keys, region, type S3Server, startS3Server } from './s3-server.ts';

let server: S3Server;
let root: string;

beforeAll(async () => {
  server = await startS3Server();
  root = await mkdtemp(join(tmpdir(), 'krona-store-'));
});
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true });
});

const environment = () => ({
  AWS_ENDPOINT_URL_S3: server.url,
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: keys.id,
  AWS_SECRET_ACCESS_KEY: keys.secret,
  AWS_SESSION_TOKEN: keys.token,
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (content: Uint8Array | undefined): string | undefined =>
  content && new TextDecoder().decode(content);

let count = 0;

describe.each<[string, () => string]>([
  ['a folder', () => join(root, `store-${count}`, 'below')],
  ['S3', () => `s3://bucket/store-${count}/below`],
])('in %s', (_kind, nameOf) => {
  let store: ResultStore;
  beforeEach(() => {
    count += 1;
    store = openStore(nameOf(), environment());
  });

  test('the store is called as the user called it', () => {
    expect(store.name).toBe(nameOf());
  });

  test('an empty store has nothing', async () => {
    expect(await store.read('results/a.json')).toBeUndefined();
    expect(await store.list('results/')).toEqual([]);
  });

  test('what was written is read, byte for byte, and replaced by what is written later', async () => {
    const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 256);
    await store.write('pictures/a.webp', content);
    expect(await store.read('pictures/a.webp')).toEqual(content);
    await store.write('pictures/a.webp', bytes('other'));
    expect(text(await store.read('pictures/a.webp'))).toBe('other');
    await store.write('pictures/a.webp', new Uint8Array());
    expect(await store.read('pictures/a.webp')).toEqual(new Uint8Array());
  });

  test('a piece of a larger array is written alone', async () => {
    await store.write('a', bytes('one two three').subarray(4, 7));
    expect(text(await store.read('a'))).toBe('two');
  });

  test('names are listed in order, as they were written, however many there are', async () => {
    const names = ['10', '2', 'deep/below/3', 'é ü', 'a+b', "it's (1)!*", 'a%20b&c=d', '~'];
    for (const name of names) await store.write(`results/${name}`, bytes(name));
    await store.write('results-of-others/a', bytes('a'));
    await store.write('pictures/a', bytes('a'));
    const expected = names.map((name) => `results/${name}`).sort();
    expect(await store.list('results/')).toEqual(expected);
    expect(await store.list('results/deep/')).toEqual(['results/deep/below/3']);
    for (const name of names) expect(text(await store.read(`results/${name}`))).toBe(name);
  });

  test('another store of the same name has the same results', async () => {
    await store.write('results/a', bytes('a'));
    const other = openStore(nameOf(), environment());
    expect(await other.list('results/')).toEqual(['results/a']);
    expect(text(await other.read('results/a'))).toBe('a');
  });

  test.each([
    '',
    '/a',
    'a/',
    'a//b',
    '../a',
    'a/../../b',
    './a',
    'a/.hidden',
    'a\\b',
    'c:/a',
    'a\nb',
  ])('the name %j is refused', async (name) => {
    const refusal = { code: 'STORE_NAME', message: expect.stringContaining(JSON.stringify(name)) };
    await expect(store.read(name)).rejects.toMatchObject(refusal);
    await expect(store.write(name, bytes('a'))).rejects.toMatchObject(refusal);
    await expect(store.list(`${name}/`)).rejects.toMatchObject({ code: 'STORE_NAME' });
  });

  test('a prefix that is no folder is refused', async () => {
    await expect(store.list('results')).rejects.toMatchObject({ code: 'STORE_NAME' });
  });
});

describe('a store in a folder', () => {
  test('shows no unfinished file, and leaves none', async () => {
    const folder = join(root, 'unfinished');
    const store = openStore(folder, {});
    await store.write('results/a.json', bytes('a'));
    await writeFile(join(folder, 'results', '.b.json.123-1.tmp'), 'half');
    expect(await store.list('results/')).toEqual(['results/a.json']);
    expect(await readdir(join(folder, 'results'))).toHaveLength(2);
    expect(await readFile(join(folder, 'results', 'a.json'), 'utf8')).toBe('a');
  });

  test('says where it cannot write', async () => {
    await writeFile(join(root, 'file'), '');
    const store = openStore(join(root, 'file'), {});
    await expect(store.write('a/b', bytes('a'))).rejects.toMatchObject({
      message: expect.stringContaining(join(root, 'file')),
    });
  });
});

describe('a store on S3', () => {
  const open = (name = 's3://bucket/other') => openStore(name, environment());

  test('takes whole buckets too', async () => {
    await open('s3://bucket/').write('top/a', bytes('a'));
    expect(server.objects.has('bucket/top/a')).toBe(true);
    expect(await open('s3://bucket').list('top/')).toEqual(['top/a']);
  });

  test('tries again while the server is busy or breaks connections', async () => {
    await open().write('busy/a', bytes('a'));
    server.failures = 2;
    server.breaks = 1;
    expect(text(await open().read('busy/a'))).toBe('a');
    server.failures = 2;
    await open().write('busy/b', bytes('b'));
    server.failures = 1;
    expect(await open().list('busy/')).toEqual(['busy/a', 'busy/b']);
  });

  test('gives up in the end, and says what the server said', async () => {
    server.failures = Number.POSITIVE_INFINITY;
    await expect(open().read('a')).rejects.toMatchObject({
      code: 'S3_REFUSED',
      message:
        'store: GET of s3://bucket/other/a was answered with 503 SlowDown (Please reduce your request rate.); several attempts failed; try again when the server is well',
    });
    server.failures = 0;
  });

  test('does not try again what cannot succeed: a bucket that is not there', async () => {
    const before = server.asked.length;
    await expect(open('s3://another').read('a')).rejects.toMatchObject({
      code: 'S3_REFUSED',
      message:
        'store: GET of s3://another/a was answered with 404 NoSuchBucket (No bucket & no "name"); make the bucket, or correct its name',
    });
    await expect(open('s3://another').write('a', bytes('a'))).rejects.toThrow('NoSuchBucket');
    await expect(open('s3://another').list('a/')).rejects.toThrow('NoSuchBucket');
    expect(server.asked.length).toBe(before + 3);
  });

  test.each<[Readonly<Record<string, string>>, string]>([
    [{ AWS_SECRET_ACCESS_KEY: 'wrong' }, 'check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
    [{ AWS_ACCESS_KEY_ID: 'wrong' }, 'check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
    [{ AWS_SESSION_TOKEN: '' }, 'AWS_SESSION_TOKEN does not belong to these keys'],
    [
      { AWS_REGION: 'us-east-1' },
      'the bucket is not in the region us-east-1; set AWS_REGION=eu-test-1',
    ],
  ])('with %j it says what to do', async (changed, advice) => {
    const store = openStore('s3://bucket/other', { ...environment(), ...changed });
    await expect(store.read('a')).rejects.toMatchObject({
      code: 'S3_REFUSED',
      message: expect.stringContaining(advice),
    });
  });

  test('says that nobody answers', async () => {
    const closed = await startS3Server();
    await closed.close();
    const store = openStore('s3://bucket/a', { ...environment(), AWS_ENDPOINT_URL_S3: closed.url });
    await expect(store.read('a')).rejects.toMatchObject({
      code: 'S3_UNREACHABLE',
      message: expect.stringContaining(`s3://bucket/a: cannot reach ${closed.url} (ECONNREFUSED)`),
    });
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['s3://my-bucket/a', {}, 'https://my-bucket.s3.eu-test-1.amazonaws.com/'],
    ['s3://my.bucket/a', {}, 'https://s3.eu-test-1.amazonaws.com/my.bucket/'],
    ['s3://my-bucket/a', { AWS_REGION: '' }, 'https://my-bucket.s3.us-east-1.amazonaws.com/'],
    ['s3://my-bucket', { AWS_ENDPOINT_URL: 'http://minio:9000/' }, 'http://minio:9000/my-bucket/'],
    [
      's3://my-bucket',
      { AWS_ENDPOINT_URL_S3: 'http://one', AWS_ENDPOINT_URL: 'http://two' },
      'http://one/my-bucket/',
    ],
  ])('%s with %j is at %s', (name, changed, address) => {
    const variables = { ...environment(), AWS_ENDPOINT_URL_S3: '', ...changed };
    expect(s3Place(name, variables).address).toBe(address);
  });
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['s3://', {}, 'S3_NAME'],
  ['s3://a', {}, 'S3_NAME'],
  ['s3://bucket//a', {}, 'S3_NAME'],
  ['s3://bucket/../a', {}, 'S3_NAME'],
  ['s3://bucket', { AWS_SECRET_ACCESS_KEY: '' }, 'S3_CREDENTIALS'],
  ['s3://bucket', { AWS_ENDPOINT_URL_S3: 'minio:9000' }, 'S3_ENDPOINT'],
  ['gs://bucket', {}, 'STORE_KIND'],
])('the store %s with %j is refused: %s', (name, changed, code) => {
  const refusal = expect.objectContaining({ code });
  expect(() => openStore(name, { ...environment(), ...changed })).toThrow(refusal);
});
