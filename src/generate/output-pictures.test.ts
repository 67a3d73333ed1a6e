import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OutputPictures } from './output-pictures.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-output-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const contents = () =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

test('two that write into a folder at once keep all pictures of both, and both sheets', async () => {
  const [a, b] = [await OutputPictures.in(folder), await OutputPictures.in(folder)];
  const write = async (output: OutputPictures, name: string) => {
    for (const i of [1, 2]) await output.write(0, bytes(`${name}${i}`));
    await output.writeSheet(bytes(`sheet of ${name}`));
  };
  await Promise.all([write(a, 'a'), write(b, 'b')]);
  const found = contents();
  expect(Object.values(found).sort()).toEqual(
    ['a1', 'a2', 'b1', 'b2', 'sheet of a', 'sheet of b'].sort(),
  );
  const pictures = Object.keys(found).filter((name) => !name.startsWith('sheet'));
  expect(pictures).toEqual(['0001', '0002', '0003', '0004'].map((each) => `${each}-seed0.png`));
});

test('a sheet whose pictures were tidied away keeps its name', async () => {
  for (const name of ['0001-seed0.png', 'sheet.png', 'sheet-0002.png', 'sheet-0002-1.png']) {
    writeFileSync(join(folder, name), name);
  }
  const output = await OutputPictures.in(folder);
  expect(await output.write(7, bytes('new'))).toBe(join(folder, '0003-seed7.png'));
  writeFileSync(join(folder, 'sheet-0003.png'), 'of somebody else');
  expect(await output.writeSheet(bytes('sheet'))).toBe(join(folder, 'sheet-0003-2.png'));
  expect(contents()).toMatchObject({
    'sheet-0002.png': 'sheet-0002.png',
    'sheet-0003.png': 'of somebody else',
  });
});
