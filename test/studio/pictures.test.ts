/** @file Pictures that pages send and fetch. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blankImage, decodeImage, encodePng } from '../../src/data/image.ts';
import { fixturePath } from '../fixtures.ts';
import { startStudio, type TestStudio } from './studio-server.ts';

let studio: TestStudio;
let png: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  studio = await startStudio();
  mkdirSync(join(studio.work, 'datasets', 'dog'), { recursive: true });
  png = await encodePng(blankImage(40, 30, [200, 100, 50]));
});
afterAll(async () => {
  expect(studio.log).toEqual([]);
  await studio[Symbol.asyncDispose]();
});

/** A field of an answer, or of its error. */
async function fieldOf(answer: Response, field: 'name' | 'code' | 'picture'): Promise<string> {
  const value: unknown = await answer.json();
  const { error, ...whole } = value as Readonly<Record<string, Record<string, string>>>;
  return String({ ...whole, ...error }[field]);
}

function put(
  name: string,
  body: Uint8Array<ArrayBuffer> | string = png,
  dataset = 'dog',
): Promise<Response> {
  return studio.fetch(`/api/datasets/${dataset}/pictures/${encodeURIComponent(name)}`, {
    ...{ method: 'PUT', body },
  });
}

const inFolder = () => readdirSync(join(studio.work, 'datasets', 'dog')).sort();

test('a picture comes as it is; a name that is taken gets a number, an ending that is wrong the right one', async () => {
  const names = await Promise.all(['a.png', 'a.png', 'A.PNG', 'b.jpg'].map((name) => put(name)));
  const kept = await Promise.all(names.map((answer) => fieldOf(answer, 'name')));
  expect(kept).toContain('b.jpg.png');
  expect(new Set(kept.map((name) => name.toLowerCase())).size).toBe(4);
  expect(inFolder()).toEqual([...kept].sort());
  const [first = ''] = kept;
  expect(readFileSync(join(studio.work, 'datasets', 'dog', first))).toEqual(Buffer.from(png));
  const whole = await studio.fetch(`/pictures/dataset~dog~${first}`);
  expect(new Uint8Array(await whole.arrayBuffer())).toEqual(png);
  expect(whole.headers.get('content-type')).toBe('image/png');
});

test('a picture of a phone is kept as it is, and sent as what browsers show', async () => {
  const heic = new Uint8Array(readFileSync(fixturePath('heic/turned.heic')));
  const name = await fieldOf(await put('IMG_1.HEIC', heic), 'name');
  expect(name).toBe('IMG_1.HEIC');
  expect(readFileSync(join(studio.work, 'datasets', 'dog', name))).toEqual(Buffer.from(heic));
  for (const width of ['', '?width=40']) {
    const sent = await studio.fetch(`/pictures/dataset~dog~${name}${width}`);
    expect(sent.headers.get('content-type')).toBe('image/webp');
    const shown = await decodeImage(new Uint8Array(await sent.arrayBuffer()), 'what is shown');
    expect(shown.width / shown.height).toBeCloseTo(64 / 48);
  }
});

const script = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

test.each<[string, string, string, number, string]>([
  ['a page', 'x.png', '<!doctype html><script>alert(1)</script>', 422, 'IMAGE_UNREADABLE'],
  ['a drawing with a script', 'x.svg', script, 422, 'IMAGE_UNREADABLE'],
  ['nothing', 'x.png', '', 422, 'IMAGE_UNREADABLE'],
  ['a picture that is cut', 'x.png', 'half', 422, 'IMAGE_UNREADABLE'],
  ['a hidden file', '.x.png', 'whole', 422, 'NAME_NOT_A_PATH'],
  ['a way out', '../x.png', 'whole', 422, 'NAME_NOT_A_PATH'],
  ['a way out of Windows', '..\\x.png', 'whole', 422, 'NAME_NOT_A_PATH'],
  ['a device of Windows', 'con.png', 'whole', 422, 'NAME_NOT_A_PATH'],
  ['a zero', 'x\0.png', 'whole', 422, 'NAME_NOT_A_PATH'],
  ['a long name', `${'x'.repeat(200)}.png`, 'whole', 422, 'NAME_NOT_A_PATH'],
])('%s is refused, and nothing is left', async (_, name, body, status, code) => {
  const before = inFolder();
  const sent = body === 'whole' ? png : body === 'half' ? png.slice(0, png.length / 2) : body;
  const answer = await put(name, sent);
  expect([answer.status, await fieldOf(answer, 'code')]).toEqual([status, code]);
  expect(inFolder()).toEqual(before);
});

test('too many bytes are refused while they come', async () => {
  const before = inFolder();
  const large = new Uint8Array(51e6);
  large.set(png);
  const answer = await put('large.png', large);
  expect(await fieldOf(answer, 'code')).toBe('TOO_LARGE');
  expect(inFolder()).toEqual(before);
});

test('bundled sets stay as they are; others are found by their ids alone', async () => {
  expect((await put('x.png', png, 'pocket-teapot')).status).toBe(400);
  expect((await put('x.png', png, 'cat')).status).toBe(404);
  expect((await put('x.png', png, '..%2Fdatasets%2Fdog')).status).toBe(404);
});

test('an upload is a picture of its own', async () => {
  const answer = await studio.fetch('/api/uploads/mask.png', { method: 'PUT', body: png });
  const picture = await fieldOf(answer, 'picture');
  expect((await studio.fetch(`/pictures/${picture}`)).status).toBe(200);
});

test.each([
  ...['x', 'sample~x~y', 'dataset~dog~../../studio.json', 'dataset~..~studio.json'],
  ...['dataset~dog~%00', 'toString~x~y', 'upload~page~.', 'dataset~dog~', '%2e%2e%2fstudio.json'],
])('there is no picture %s', async (id) => {
  expect((await studio.fetch(`/pictures/${id}`)).status).toBe(404);
});
