import { describe, expect, test } from 'vitest';
import { german } from './de/index.ts';
import { germanInATab } from './de/tab/in-a-tab.ts';
import { english } from './en/index.ts';
import { englishInATab } from './en/tab/in-a-tab.ts';
import { formatsOf } from './formats.ts';
import { pseudoWords, translate } from './translate.ts';
import type { Words } from './word-types.ts';

const valuesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const textsOf = (words: Words, key: string): readonly string[] => {
  const found = words[key];
  return typeof found === 'string' ? [found] : Object.values(found ?? {});
};

/** What is shown where there is a server alone. */
const onServersAlone: ReadonlySet<string> = new Set([
  ...['frame.log-in', 'train.command', 'run.command'],
  ...['settings.work', 'experiments.workers-hint'],
]);

describe.each<[string, Words]>([
  ['German', german],
  ['pseudo', pseudoWords(english)],
])('%s', (_, words) => {
  test('has all words and no others', () => {
    expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort());
  });

  test('names the values that English names', () => {
    const named = (source: Words) =>
      Object.keys(english).map((key) => [
        key,
        [...new Set(textsOf(source, key).flatMap(valuesIn))].sort(),
      ]);
    expect(named(words)).toEqual(named(english));
  });

  test('says something everywhere', () => {
    const empty = Object.keys(words).filter((key) =>
      textsOf(words, key).some((text) => !text.trim()),
    );
    expect(empty).toEqual([]);
  });
});

describe.each<[string, Words]>([
  ['English', englishInATab],
  ['German', germanInATab],
])('%s in a tab', (_, words) => {
  const keys = Object.keys(words);

  test('stands in place of words that there are', () => {
    expect(keys.filter((key) => !(key in english))).toEqual([]);
  });

  test('names no values but those that come with them', () => {
    const unknown = keys.filter((key) => {
      const known = new Set(textsOf(english, key).flatMap(valuesIn));
      return textsOf(words, key)
        .flatMap(valuesIn)
        .some((name) => !known.has(name));
    });
    expect(unknown).toEqual([]);
  });

  test('knows no server, no terminal and no work folder', () => {
    const all = { ...(words === germanInATab ? german : english), ...words };
    const elsewhere =
      /\b(server|terminal|command|disk|work folder)\b|--|Arbeitsordner|Platte\b|Befehl/i;
    const found = Object.keys(all).filter(
      (key) => !onServersAlone.has(key) && textsOf(all, key).some((text) => elsewhere.test(text)),
    );
    expect(found).toEqual([]);
  });
});

describe('translate', () => {
  const words = { plain: 'of {n}', many: { one: '{n} picture', other: '{n} pictures' } };

  test('puts values in, numbers as the language writes them', () => {
    expect(translate(words, 'en', 'plain', { n: 1234 })).toBe('of 1,234');
    expect(translate(words, 'de', 'plain', { n: 1234 })).toBe('of 1.234');
  });

  test('chooses the plural form', () => {
    expect(translate(words, 'en', 'many', { n: 1 })).toBe('1 picture');
    expect(translate(words, 'en', 'many', { n: 0 })).toBe('0 pictures');
  });

  test('refuses what does not fit', () => {
    expect(() => translate(words, 'en', 'plain', {})).toThrow('needs the value "n"');
    expect(() => translate(words, 'en', 'none', {})).toThrow('no words "none"');
  });
});

describe('formats', () => {
  const { bytes, clock, duration, ago } = formatsOf('en');

  test.each([
    [0, '0 byte'],
    [82_300, '82 kB'],
    [1_270_000_000, '1.3 GB'],
  ])('%d bytes', (value, text) => expect(bytes(value)).toBe(text));

  test.each([
    [62, '1:02'],
    [7384, '2:03:04'],
    [-1, '0:00'],
  ])('a clock of %d seconds', (value, text) => expect(clock(value)).toBe(text));

  test.each([
    [0.2, '1 second'],
    [80, '80 seconds'],
    [100, '2 minutes'],
    [10_000, '3 hours'],
  ])('a duration of %d seconds', (value, text) => expect(duration(value)).toBe(text));

  test('how long ago', () => {
    expect(ago(0, 1000)).toBe('now');
    expect(ago(0, 120_000)).toBe('2 minutes ago');
  });
});
