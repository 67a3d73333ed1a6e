/** @file Every command line that documents and help pages show names a command and flags that there are. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { krona } from './terminal.ts';

const root = join(import.meta.dirname, '../..');
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...pages('docs')];
const names = Object.keys(commands);

function pages(folder: string): string[] {
  const names = readdirSync(join(root, folder), { encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`);
}

/** Lines that run a command, each with what follows its name; a line that ends with a backslash goes on in the next. */
function commandLines(text: string): { readonly name: string; readonly rest: string }[] {
  return [
    ...text.replaceAll(/\\\n\s*/g, ' ').matchAll(/\bkrona (?:-- )?([a-z][a-z-]*)\b([^`\n]*)/g),
  ]
    .map(([, name = '', rest = '']) => ({ name, rest: rest.split(/ (?:#|\() ?/)[0] ?? '' }))
    .filter(({ name, rest }) => names.includes(name) && / --[a-z]/.test(rest));
}

const flagsOf = (text: string): string[] =>
  [...text.matchAll(/(?:^|[\s,])(--[a-z][a-z0-9-]*)/g)].map(([, flag = '']) => flag);

let helps: ReadonlyMap<string, string>;
let known: ReadonlyMap<string, ReadonlySet<string>>;
beforeAll(async () => {
  const helpOf = async (...name: readonly string[]) => (await krona([...name, '--help'])).out;
  const texts = await Promise.all(names.map(async (name) => [name, await helpOf(name)] as const));
  helps = new Map(texts);
  const flags = texts.map(async ([name, text]) => {
    const [own = ''] = text.split('\nExamples:');
    const [, list = ''] = own.split('\nCommands:\n');
    const inner = [...list.matchAll(/^ {2}([a-z]+)\b/gm)].flatMap(([, word = '']) =>
      word === 'help' ? [] : [helpOf(name, word)],
    );
    return [name, new Set([own, ...(await Promise.all(inner))].flatMap(flagsOf))] as const;
  });
  known = new Map(await Promise.all(flags));
});

function unknownFlags(text: string): string[] {
  return commandLines(text).flatMap(({ name, rest }) =>
    flagsOf(rest)
      .filter((flag) => known.get(name)?.has(flag) === false)
      .map((flag) => `krona ${name} ${flag}`),
  );
}

test('lines are found, also where they are continued', () => {
  const text =
    'npx krona train --images my-dog \\\n  --steps 3\nuse `krona plan --grid`, or krona help';
  expect(commandLines(text)).toEqual([
    { name: 'train', rest: ' --images my-dog  --steps 3' },
    { name: 'plan', rest: ' --grid' },
  ]);
  expect(unknownFlags('krona plan --gird')).toEqual(['krona plan --gird']);
});

test.each(documents)('%s', (document) => {
  expect(unknownFlags(readFileSync(join(root, document), 'utf8'))).toEqual([]);
});

test.each(names)('the help of krona %s', (name) => {
  expect(unknownFlags(helps.get(name) ?? '')).toEqual([]);
});

test('a base in an example is a folder, a family, or a name of the hub with its owner', () => {
  const texts = [
    ...helps.values(),
    ...documents.map((path) => readFileSync(join(root, path), 'utf8')),
  ];
  const bases = texts.flatMap((text) =>
    [...text.matchAll(/--(?:base|refiner) ([\w./:@-]+)/g)].map(([, base = '']) => base),
  );
  const sensible =
    /^(pocket|sd15|sd21|sdxl|sdxl-refiner|ssd-1b|bk-sdm-tiny|DIR|BASE|MODEL|base|[\w.-]+\/[\w.-]+(@[\w.-]+)?(:\w+)?|[\w.-]+\.safetensors)$/;
  expect(bases.length).toBeGreaterThan(10);
  expect(bases.filter((base) => !sensible.test(base))).toEqual([]);
});
