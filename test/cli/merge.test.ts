import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeAdapterFile } from '../../src/adapters/index.ts';
import { writeForeignAdapter } from '../../src/exchange/index.ts';
import { baseSites } from '../../src/pipeline/adapters/site-weights.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { type Part, pocketAdapter } from './pocket-adapter.ts';
import { krona } from './terminal.ts';

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-merge-'));
  await write('dog', [{ method: 'krona', options: { a1: 4, a2: 4 }, targets: ['attn1.*'] }]);
  await write('house', [{ method: 'lora', options: { rank: 2 }, targets: ['attn1.*'] }]);
  await write('word', [
    { method: 'textual-inversion', options: { token: '<it>' }, targets: ['*'] },
  ]);
  const sites = baseSites(await openBaseModel('pocket'));
  const style = [{ method: 'lora', options: { rank: 2 }, targets: ['attn2.*', 'text-encoder'] }];
  const own = decodeAdapterFile(await pocketAdapter(style), 'style');
  const [kohya] = writeForeignAdapter(own, 'kohya', { sites }).values();
  writeFileSync(file('style'), kohya ?? '');
});
afterAll(() => rmSync(folder, { recursive: true }));

const path = (name: string) => join(folder, name);
const file = (name: string) => path(`${name}.safetensors`);

async function write(name: string, parts: readonly Part[]): Promise<void> {
  writeFileSync(file(name), await pocketAdapter(parts));
}

async function merged(...flags: readonly string[]): Promise<string> {
  const { code, err, out } = await krona(['merge', ...flags, '--quiet']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.replaceAll(folder, 'FOLDER');
}

/** The pixels of a picture of two steps. */
async function picture(name: string, ...flags: readonly string[]): Promise<Buffer> {
  const given = ['--prompt', 'a <it>', '--count', '1', '--steps', '2', '--quiet', ...flags];
  const { code, err } = await krona(['generate', ...given, '--out', path(name)]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return await sharp(join(path(name), '0001-seed0.png'))
    .raw()
    .toBuffer();
}

function largestDifference(a: Buffer, b: Buffer): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] ?? 0))), 0);
}

describe('krona merge --adapter', () => {
  test('makes a model whose pictures are those of the base with its adapters', async () => {
    const adapters = [
      ...['--adapter', `${file('dog')}=0.05`],
      ...['--adapter', `${file('style')}=0.02,attn2.*=0.05`],
      ...['--adapter', file('word')],
    ];
    const text = await merged(...adapters, '--dtype', 'f32', '--out', path('model'));
    expect(text).toMatchInlineSnapshot(`
      "FOLDER/model: 30.7 MB of weights
      base     pocket
      adapter  FOLDER/dog.safetensors=0.05
      adapter  FOLDER/style.safetensors=0.02,attn2.*=0.05
      adapter  FOLDER/word.safetensors=1
      changed  73 weights
      next     krona generate --base FOLDER/model --prompt "a sks dog" --out pictures
      "
    `);
    const found = await picture('of-model', '--base', path('model'));
    const expected = await picture('of-adapters', ...adapters);
    // Rounding may turn a pixel by one.
    expect(largestDifference(found, expected)).toBeLessThanOrEqual(1);
    expect(largestDifference(found, await picture('of-base'))).toBeGreaterThan(20);
  });

  test('needs a base for the files of other tools', async () => {
    const { code, err } = await krona(['merge', '--adapter', file('style'), '--out', path('x')]);
    expect(code).toBe(2);
    expect(err).toContain('--base');
    await merged('--base', 'pocket', '--adapter', file('style'), '--out', path('styled'));
    expect(readdirSync(path('styled'))).toContain('model_index.json');
  });

  test('is refused where no adapter has a strength: it would be the base', async () => {
    const given = ['--adapter', `${file('dog')}=0`, '--adapter', `${file('house')}=0`];
    const flags = ['--base', 'pocket', ...given, '--out', path('zero')];
    const { code, err } = await krona(['merge', ...flags]);
    expect(code).toBe(2);
    expect(err).toContain('every adapter has strength 0 at all of its sites');
    expect(readdirSync(folder)).not.toContain('zero');
  });

  test('says what it did as JSON', async () => {
    const flags = ['--adapter', `${file('dog')}=0.5`, '--json', '--out', path('json')];
    expect(JSON.parse(await merged(...flags))).toMatchObject({
      base: 'pocket',
      changed: 28,
      adapters: [{ file: 'FOLDER/dog.safetensors', strength: 0.5 }],
    });
  });
});

describe('krona merge FILE FILE', () => {
  test('joins LoRAs, keeps what is alone, and the result computes the same', async () => {
    const given = [`${file('house')}=0.1`, `${file('style')}=0.1`];
    const text = await merged(...given, `${file('house')}=-0.05`, '--out', file('one'));
    expect(text).toMatchInlineSnapshot(`
      "FOLDER/one.safetensors: 187 kB
      as it was              44 sites
      one LoRA of all ranks  28 sites
      "
    `);
    const found = await picture('of-one', '--adapter', file('one'));
    const flags = [...given, `${file('house')}=-0.05`].flatMap((each) => ['--adapter', each]);
    expect(largestDifference(found, await picture('of-three', ...flags))).toBeLessThanOrEqual(1);
  });

  test('brings sums into the form asked for, and says what is lost', async () => {
    const given = [`${file('dog')}=0.1`, file('house')];
    const exact = await merged(...given, '--out', file('exact'));
    expect(exact).toMatchInlineSnapshot(`
      "FOLDER/exact.safetensors: 1.06 MB
      a whole matrix  28 sites
      "
    `);
    const form = ['--as', 'lora', '--rank', '6'];
    const fitted = await merged(...given, ...form, '--out', file('fitted'));
    expect(fitted.replaceAll(/0\.\d+/g, '0.N')).toMatchInlineSnapshot(`
      "FOLDER/fitted.safetensors: 134 kB
      in the form asked for  28 sites
      relative error of the change, site by site
      median  0.N
      worst   0.N at unet.up_blocks.2.attentions.1.transformer_blocks.0.attn1.to_v

      projection      sites  median   worst
      attn1.to_q          7  0.N  0.N
      attn1.to_k          7  0.N  0.N
      attn1.to_v          7  0.N  0.N
      attn1.to_out.0      7  0.N  0.N
      "
    `);
    const json = await merged(...given, ...form, '--json', '--out', file('again'));
    expect(JSON.parse(json)).toMatchObject({ sites: 28, combinations: { fitted: 28 } });
  });
});

test.each([
  [[], 'MERGE_WHAT', 'which adapters?'],
  [['a.safetensors', '--adapter', 'b.safetensors'], 'MERGE_WHAT', 'all without'],
  [['a.safetensors', '--dtype', 'f16'], 'MERGE_WHAT', '--dtype'],
  [['--adapter', 'a.safetensors', '--as', 'diff'], 'MERGE_WHAT', '--as'],
  [['--adapter', 'a.safetensors,from=0.5'], 'RANGE_IN_MERGE', '--adapter beside its base'],
  [['--adapter', 'a.safetensors=much'], 'ADAPTER_REQUEST', 'much'],
  [['--adapter', 'a.safetensors', '--rank', '3'], 'OPTION_OF_OTHER_FORM', '--as lora'],
])('%j is refused: %s', async (flags, code, part) => {
  const { err, code: exit } = await krona(['merge', ...flags, '--out', path('never')]);
  expect(exit).toBe(2);
  expect(err).toContain(code);
  expect(err).toContain(part);
});

test('writes over nothing', async () => {
  const before = readFileSync(file('dog'));
  const one = await krona(['merge', file('house'), '--out', file('dog')]);
  expect(one.err).toContain('OUT_EXISTS');
  const model = await krona(['merge', '--adapter', file('house'), '--out', folder]);
  expect(model.err).toContain('FOLDER_NOT_EMPTY');
  expect(readFileSync(file('dog')).equals(before)).toBe(true);
});
