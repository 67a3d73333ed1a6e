import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fieldsOf } from '../../src/cli/flags/fields.ts';
import { decodeImage } from '../../src/data/image.ts';
import { readPngText } from '../../src/formats/png/png-text.ts';
import { generateSchema } from '../../src/generate/generate-options.ts';
import { foundSettings } from '../../src/generate/settings/found-settings.ts';
import { trainSchema } from '../../src/train/train-options.ts';
import { jsonLines, krona } from './terminal.ts';

const folder = await mkdtemp(join(tmpdir(), 'krona-generate-'));
afterAll(() => rm(folder, { recursive: true }));

const drawing = (out: string, ...more: readonly string[]) =>
  krona(['generate', '--steps', '1', '--json', '--out', out, ...more]);

describe('krona generate', () => {
  test('draws every prompt, numbers on in a folder that has pictures, and replaces nothing', async () => {
    const out = join(folder, 'pictures');
    const first = await drawing(
      out,
      '--prompt',
      'a teapot',
      '--prompt',
      'a cat, a dog',
      '--count',
      '2',
    );
    expect(first.code).toBe(0);
    const drawn = jsonLines(first.out).filter(({ type }) => type === 'picture');
    expect(drawn.map(({ prompt, seed }) => [prompt, seed])).toEqual([
      ['a teapot', 0],
      ['a teapot', 1],
      ['a cat, a dog', 0],
      ['a cat, a dog', 1],
    ]);
    const before = [
      '0001-seed0.png',
      '0002-seed1.png',
      '0003-seed0.png',
      '0004-seed1.png',
      'sheet.png',
    ];
    expect((await readdir(out)).sort()).toEqual(before);
    const contents = await Promise.all(before.map((name) => readFile(join(out, name))));

    const file = join(folder, 'prompts.txt');
    // As an editor on Windows leaves it: a mark, and other line ends.
    await writeFile(file, '\uFEFF# a comment\r\na Kätzchen\r\n\r\na robot\r\n');
    const second = await drawing(out, '--prompts', file, '--count', '1');
    expect(second.code).toBe(0);
    const more = jsonLines(second.out).filter(({ type }) => type === 'picture');
    expect(more.map(({ prompt, file: path }) => [prompt, path])).toEqual([
      ['a Kätzchen', join(out, '0005-seed0.png')],
      ['a robot', join(out, '0006-seed0.png')],
    ]);
    const added = ['0005-seed0.png', '0006-seed0.png', 'sheet-0005.png'];
    expect((await readdir(out)).sort()).toEqual([...before, ...added].sort());
    expect(await Promise.all(before.map((name) => readFile(join(out, name))))).toEqual(contents);
  });

  test('several prompts give the very pictures that each gives alone', async () => {
    const [together, alone] = [join(folder, 'together'), join(folder, 'alone')];
    await drawing(together, '--prompt', 'a cat', '--prompt', 'a teapot', '--count', '1');
    await drawing(alone, '--prompt', 'a teapot', '--count', '1');
    const pixels = async (path: string) => decodeImage(await readFile(path), path);
    expect(await pixels(join(together, '0002-seed0.png'))).toEqual(
      await pixels(join(alone, '0001-seed0.png')),
    );
  });

  test('draws at the timesteps that are given, and says so in the picture', async () => {
    const out = join(folder, 'timesteps');
    const asked = ['generate', '--prompt', 'a teapot', '--count', '1', '--out', out];
    const at = (timesteps: string) =>
      krona([...asked, '--sampler', 'lcm', '--timesteps', timesteps]);
    expect((await at('800,200')).code).toBe(0);
    const path = join(out, '0001-seed0.png');
    const texts = readPngText(await readFile(path), path);
    expect(texts.get('parameters')).toContain('Steps: 2, Sampler: lcm, Timesteps: 800 200, ');
    const drawn = { timesteps: [800, 200], steps: 2, sampler: 'lcm' };
    expect(foundSettings(texts)?.settings).toMatchObject(drawn);

    for (const [wrong, message] of [
      ['80x', '--timesteps: expected a list of one or more whole numbers at least 0, got ["80x"]'],
      ['200,800', 'got 200 and then 800'],
    ] as const) {
      const refused = await at(wrong);
      expect([refused.code, refused.err]).toEqual([2, expect.stringContaining(message)]);
    }
  });

  test('refuses a file of prompts that is not UTF-8, or holds none', async () => {
    const file = join(folder, 'latin.txt');
    await writeFile(file, Buffer.from('a teapot\na Kätzchen\n', 'latin1'));
    const refused = await krona(['generate', '--prompts', file, '--out', join(folder, 'none')]);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('[TEXT_ENCODING]');
    await writeFile(file, '# nothing\n');
    const empty = await krona(['generate', '--prompts', file, '--out', join(folder, 'none')]);
    expect(empty.err).toContain(`${file} holds no prompt; write one a line [PROMPTS_FILE]`);
  });
});

test.each([
  ['train', trainSchema],
  ['generate', generateSchema],
] as const)(
  'every flag of %s that takes one value is refused a second time',
  async (command, schema) => {
    const fields = fieldsOf(schema).filter(({ key }) => key !== 'adapterOptions');
    for (const { flag, json } of fields) {
      const isSwitch = json.type === 'boolean';
      const argv = isSwitch
        ? [command, flag, flag.replace('--', '--no-')]
        : [command, flag, '1', flag, '2'];
      const { code, err } = await krona(argv);
      const isRepeatable = json.type === 'array' || json.type === 'object';
      expect(code, flag).toBe(2);
      if (isRepeatable) expect(err, flag).not.toContain('FLAG_TWICE');
      else expect(err, flag).toContain('[FLAG_TWICE]');
    }
  },
);
