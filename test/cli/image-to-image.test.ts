import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blankImage, decodeImage, encodePng } from '../../src/data/image.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { jsonLines, krona } from './terminal.ts';

const picture = join(pocketFolder(), 'subjects', 'teapot', '00.png');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-image-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const generate = (out: string, ...flags: readonly string[]) => [
  ...['generate', '--prompt', 'a red teapot', '--count', '1', '--steps', '4', '--out', out],
  ...['--init-image', picture, ...flags],
];

test('a picture begins under noise, is resized aloud, and the result knows', async () => {
  const out = join(folder, 'wide');
  const { code, err } = await krona(generate(out, '--width', '96', '--height', '64'));
  expect(code).toBe(0);
  expect(err).toContain(`${picture} is 64 x 64: resized to 96 x 96 and cut to 96 x 64\n`);
  const { out: inspected } = await krona(['inspect', join(out, '0001-seed0.png')]);
  expect(inspected).toMatch(/size +96 x 64\n/);
  expect(inspected).toContain('noise 0.6');
});

test('a mask is repainted, the rest kept', async () => {
  const out = join(folder, 'masked');
  const mask = join(folder, 'mask.png');
  const image = blankImage(64, 64, [0, 0, 0]);
  image.data.fill(255, 0, image.data.length / 2);
  writeFileSync(mask, await encodePng(image));
  const { code, out: events } = await krona(generate(out, '--mask', mask, '--json'));
  expect(code).toBe(0);
  expect(jsonLines(events).filter(({ type }) => type === 'step').length).toBe(4);
  const result = join(out, '0001-seed0.png');
  const [after, before] = await Promise.all(
    [result, picture].map(async (path) => await decodeImage(readFileSync(path), path)),
  );
  const half = image.data.length / 2;
  expect(after?.data.subarray(half)).toEqual(before?.data.subarray(half));
  expect(after?.data.subarray(0, half)).not.toEqual(before?.data.subarray(0, half));
});
