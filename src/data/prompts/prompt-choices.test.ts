import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MersenneTwister } from '../../base/mersenne-twister.ts';
import { chosenText, isFixed, listsOf, promptTemplate } from './prompt-choices.ts';
import { readWildcards } from './wildcard-files.ts';

const templateOf = (text: string) => promptTemplate(text, 'prompt');

/** What is chosen with these numbers in turn. */
function chosen(text: string, ...numbers: readonly number[]): string {
  const left = [...numbers];
  const random = () => left.shift() ?? 0;
  return chosenText(templateOf(text), { lists: new Map(), random, where: 'prompt' });
}

test.each([
  ['a {red|blue} car', [0.49], 'a red car'],
  ['a {red|blue} car', [0.5], 'a blue car'],
  ['{a|b}{c|d}', [0.9, 0], 'bc'],
  ['{a {b|c}|d}', [0, 0.5], 'a c'],
  ['{|red} car', [0], ' car'],
  ['{3::red|blue}', [0.74], 'red'],
  ['{3::red|blue}', [0.75], 'blue'],
  ['{.5::a|1.5::b|0::c}', [0.99], 'b'],
  ['a {subject} {in {subject}|of {}}', [0], 'a {subject} in {subject}'],
  ['{{a|b}} c | d } {', [], '{{a|b}} c | d } {'],
  ['{x|{{y}}} {a|{b|{}}}', [0.5, 0.5, 0.5], '{{y}} {}'],
  ['a [b|c] (d:1.2)', [], 'a [b|c] (d:1.2)'],
])('%s with %j is "%s"', (text, numbers, expected) => {
  expect(chosen(text, ...numbers)).toBe(expected);
});

test('what is never chosen otherwise is fixed, and lists are named', () => {
  expect(isFixed(templateOf('a {subject} {{x|y}} _b_ c__ ____'))).toBe(true);
  expect(listsOf(templateOf('__a__ {__b/c-d__|__e_f__} __a__'))).toEqual([
    'a',
    'b/c-d',
    'e_f',
    'a',
  ]);
});

test.each([
  '{a|b',
  'x {a|{b|c}',
  '{2$$a|b}',
  '{1-2$$ and $$a|b}',
  ['{$', '{x}|b}'].join(''),
  '{x=a|b}',
  `${'{a|'.repeat(30)}`,
])('%s is refused', (text) => {
  expect(() => templateOf(text)).toThrow(expect.objectContaining({ code: 'PROMPT_CHOICES' }));
});

test('each of the options is chosen as often as its weight says', () => {
  const counts = new Map<string, number>();
  const template = templateOf('{2::a|b|c}');
  for (let seed = 0; seed < 2000; seed++) {
    const twister = new MersenneTwister(seed);
    const random = () => twister.next() / 2 ** 32;
    const text = chosenText(template, { lists: new Map(), random, where: 'prompt' });
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  // Five deviations of a binomial count: 112 of 1000, 97 of 500.
  expect(Math.abs((counts.get('a') ?? 0) - 1000)).toBeLessThan(112);
  expect(Math.abs((counts.get('b') ?? 0) - 500)).toBeLessThan(97);
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-wildcards-'));
  await mkdir(join(folder, 'sub'));
  const files = {
    'animal.txt': '# animals\ncat\n\n{small|big} dog\n__sub/bird__\n',
    'sub/bird.txt': 'owl',
    'a.txt': 'x __b__',
    'b.txt': '{__c__|y}',
    'c.txt': '__a__',
    'many.txt': '__animal__ '.repeat(11_000),
    'empty.txt': '# nothing',
    'wrong.txt': 'a {subjekt}',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('a wildcard is a line of its file, which may choose again', async () => {
  const template = templateOf('a __animal__');
  const lists = await readWildcards([template], folder);
  const texts = [0, 0.34, 0.67].map((first) => {
    const left = [first, 0.9];
    return chosenText(template, { lists, random: () => left.shift() ?? 0, where: 'prompt' });
  });
  expect(texts).toEqual(['a cat', 'a big dog', 'a owl']);
});

test.each([
  ['__anmal__', 'WILDCARDS_MISSING', 'animal.txt'],
  ['{__nothing__|b}', 'WILDCARDS_MISSING', 'nothing.txt'],
  ['__sub__', 'WILDCARDS_MISSING', 'sub.txt'],
  ['__../a__', 'NAME_NOT_A_PATH', '../a'],
  ['__b__', 'WILDCARD_CYCLE', '__b__ in __c__ in __a__ in __b__'],
  ['__empty__', 'PROMPTS_FILE', 'empty.txt'],
  ['__wrong__', 'UNKNOWN_PLACEHOLDER', '{subjekt}'],
])('%s is refused as %s', async (text, code, part) => {
  await expect(readWildcards([templateOf(text)], folder)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(part),
  });
});

test('without a folder, and without an end, a wildcard is refused', async () => {
  await expect(readWildcards([templateOf('__animal__')], undefined)).rejects.toMatchObject({
    code: 'WILDCARDS_MISSING',
    message: expect.stringContaining('`wildcards`'),
  });
  const template = templateOf('__many__');
  const lists = await readWildcards([template], folder);
  expect(() => chosenText(template, { lists, random: () => 0, where: 'prompt' })).toThrow(
    expect.objectContaining({ code: 'PROMPT_CHOICES' }),
  );
});
