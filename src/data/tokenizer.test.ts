import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixturePath } from '../../test/fixtures.ts';
import { checkFullVocabulary, checkTokenizer } from '../../test/parity/checks/models/tokenizer.ts';
import { ModelError } from '../base/errors.ts';
import { bundledMerges } from './bundled-tokenizer.ts';
import { parseMerges, vocabularyFromMerges } from './clip-vocabulary.ts';
import { openTokenizer } from './open-tokenizer.ts';
import { pocketFolder } from './pocket.ts';
import type { ClipTokenizer } from './tokenizer.ts';

let pocket: ClipTokenizer;
let folder: string;

beforeAll(async () => {
  pocket = await openTokenizer(join(pocketFolder(), 'tokenizer'));
  folder = await mkdtemp(join(tmpdir(), 'tokenizer-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** A copy of the pocket tokenizer with some files replaced (or removed, by undefined). */
async function variant(name: string, files: Record<string, string | undefined>): Promise<string> {
  const target = join(folder, name);
  await cp(join(pocketFolder(), 'tokenizer'), target, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    if (text === undefined) await rm(join(target, file));
    else await writeFile(join(target, file), text);
  }
  return target;
}

describe('the tokenizer', () => {
  test('gives the reference ids for every fixture text, exactly', async () => {
    const checks = await checkTokenizer(fixturePath('clip-tokenizer'));
    expect(checks.filter((check) => check.status !== 'ok')).toEqual([]);
    expect(checks.length).toBe(8);
  });

  test("gives the reference ids with CLIP's full vocabulary, derived from the merges alone", async () => {
    const expected = fixturePath('clip-tokenizer/expected-full-vocab.json');
    const merges = join(folder, 'full-vocabulary');
    await mkdir(merges);
    await writeFile(join(merges, 'merges.txt'), (await bundledMerges()).text);
    const checks = await checkFullVocabulary(expected, merges);
    expect(checks.filter((check) => check.status !== 'ok')).toEqual([]);
  });

  test('pads with the end token to the length the model asks for', () => {
    const { ids, truncated } = pocket.encodePadded('a photo of a cat');
    expect(ids.length).toBe(32);
    expect(ids.slice(0, 7)).toEqual([
      ...pocket.encode('a photo of a cat').slice(0, -1),
      pocket.eosId,
    ]);
    expect(ids.slice(6).every((id) => id === pocket.eosId)).toBe(true);
    expect(truncated).toBeUndefined();
  });

  test('says which words did not fit, and keeps the end token last', () => {
    const { ids, truncated } = pocket.encodePadded('a cat on the red beach', 5);
    expect(ids).toEqual([...pocket.encode('a cat on').slice(0, -1), pocket.eosId]);
    expect(truncated).toBe('the red beach');
  });

  test('lowers a final capital sigma to the ordinary small one', () => {
    expect(pocket.encode('ΑΣ')).toEqual(pocket.encode('ασ'));
    expect(pocket.encode('ΑΣ')).not.toEqual(pocket.encode('ας'));
  });

  test('brings any text without special tokens back, up to case and spaces', () => {
    const words = fc.array(fc.constantFrom('a', 'cat', 'ünï', '猫', 'x1', '🐶', '!?', "it's"));
    const squeezed = (text: string) => text.toLowerCase().replaceAll(/\s/g, '');
    fc.assert(
      fc.property(words, (list) => {
        const text = list.join(' ');
        expect(squeezed(pocket.decode(pocket.encode(text)))).toBe(squeezed(text));
      }),
    );
  });

  test('never fails on a text and always frames it with start and end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const ids = pocket.encode(text);
        expect([ids[0], ids.at(-1)]).toEqual([pocket.bosId, pocket.eosId]);
        expect(ids.every((id) => id >= 0 && id < pocket.vocabularySize)).toBe(true);
      }),
    );
  });
});

describe('added tokens', () => {
  test('follow the vocabulary and leave the first tokenizer as it was', () => {
    const added = pocket.addTokens(['<teapot>', '<teapot_1>', 'cat</w>']);
    expect(added.idOf('<teapot>')).toBe(pocket.vocabularySize);
    expect(added.idOf('<teapot_1>')).toBe(pocket.vocabularySize + 1);
    expect(added.vocabularySize).toBe(pocket.vocabularySize + 2);
    expect(pocket.idOf('<teapot>')).toBeUndefined();
    expect(pocket.idOf('constructor')).toBeUndefined();
    expect(added.encode('a <TEAPOT>')).toContain(pocket.vocabularySize);
    expect(pocket.encode('a <teapot>')).not.toContain(pocket.vocabularySize);
  });

  test('that are numbered stand for several ids where the first is written, as in diffusers', async () => {
    const where = await variant('numbered', {
      'added_tokens.json': '{"<sks>_1": 890, "<sks>": 889, "<sks>_2": 891, "<other>_1": 892}',
    });
    const { encode, bosId, eosId } = await openTokenizer(where);
    expect(encode('<sks>')).toEqual([bosId, 889, 890, 891, eosId]);
    expect(encode('<sks>_2 <other>_1')).toEqual([bosId, 891, 892, eosId]);
  });

  test('of a place of their own stand there once in padded texts, before as much of the text as fits', () => {
    const word = { ids: [900, 901, 902], position: 2 };
    const placed = pocket.addWords(new Map([['<dog>', word]]));
    const padded = (text: string, length: number) => placed.encodePadded(text, length);
    const plain = pocket.encodePadded('a cat on the red beach, a cat', 9).ids;
    const where = padded('a cat on the <dog> red beach, a <dog> cat', 12);
    expect(where.ids).toEqual([...plain.slice(0, 2), ...word.ids, ...plain.slice(2)]);
    expect(padded('<dog>', 8).ids).toEqual([
      ...[pocket.bosId, pocket.eosId, 900, 901, 902],
      ...Array.from({ length: 3 }, () => pocket.padId),
    ]);
    expect(padded('a cat', 8)).toEqual(pocket.encodePadded('a cat', 8));
    const cut = padded('a <dog> cat on the beach', 8);
    expect(cut.ids).toHaveLength(8);
    expect(cut.ids.slice(2, 5)).toEqual(word.ids);
    expect(cut.ids.at(-1)).toBe(pocket.eosId);
    expect(cut.truncated).toContain('beach');
  });

  test('are read from added_tokens.json', async () => {
    const where = await variant('added', { 'added_tokens.json': '{"<sks>": 889}' });
    expect((await openTokenizer(where)).encode('a <sks>').at(-2)).toBe(889);
  });
});

describe('a tokenizer folder', () => {
  test('may lack vocab.json: the merges determine it', async () => {
    const merges = join(pocketFolder(), 'tokenizer', 'merges.txt');
    const vocabulary = vocabularyFromMerges(parseMerges(await readFile(merges, 'utf8'), merges));
    expect(vocabulary['!']).toBe(0);
    expect(vocabulary['!</w>']).toBe(256);
    const where = await variant('merges-only', {
      'vocab.json': undefined,
      'tokenizer_config.json': undefined,
      'special_tokens_map.json': undefined,
    });
    const derived = await openTokenizer(where);
    expect(derived.modelMaxLength).toBe(77);
    expect(derived.encode('a photo of a cat').slice(1, -1)).toEqual(
      pocket.encode('a photo of a cat').slice(1, -1),
    );
  });

  test('pads as special_tokens_map.json says where the two files disagree', async () => {
    const where = await variant('bang', { 'special_tokens_map.json': '{"pad_token": "!"}' });
    expect((await openTokenizer(where)).padId).toBe(0);
  });

  test('limits the length to 77 where the configuration knows no limit', async () => {
    const where = await variant('endless', {
      'tokenizer_config.json': '{"model_max_length": 1000000000000000019884624838656}',
    });
    expect((await openTokenizer(where)).modelMaxLength).toBe(77);
  });

  test.each([
    ['without merges', { 'merges.txt': undefined }, 'TOKENIZER_MISSING'],
    ['with a broken merge', { 'merges.txt': '#version: 0.2\ni n\nth\n' }, 'TOKENIZER_MERGES'],
    ['with a cut vocabulary', { 'vocab.json': '{"!": 0, "' }, 'TOKENIZER_JSON'],
    ['with words for ids', { 'vocab.json': '{"!": "zero"}' }, 'TOKENIZER_JSON'],
    ['without special tokens', { 'vocab.json': '{"!": 0}' }, 'TOKENIZER_SPECIAL_TOKEN'],
  ])('%s is refused', async (name, files, code) => {
    const opening = openTokenizer(await variant(name, files));
    await expect(opening).rejects.toThrow(ModelError);
    await expect(opening).rejects.toMatchObject({ code });
  });
});
