import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSource, type SourceFile, violations } from './architecture-rules.ts';
import { pageViolations, shapeViolations } from './page-rules.ts';
import { placeViolations, type TextFile } from './place-rules.ts';
import { unnamedTypes } from './public-types.ts';
import { fallbackViolations, programOf } from './typed-rules.ts';

const root = join(import.meta.dirname, '..');

const read = (path: string): SourceFile =>
  parseSource(path, readFileSync(join(root, path), 'utf8'));

/** What the compiler knows of the sources. */
const program = programOf(root);

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  // What is declared of another's module has that module's form.
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .map((path) => read(`src/${path.replaceAll('\\', '/')}`));

const within = (folder: string): SourceFile[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => read(`${folder}/${path.replaceAll('\\', '/')}`));

const page = ['page', 'site'].flatMap(within);
const pocket = within('pocket').filter(({ path }) => !path.endsWith('.test.ts'));

/** Folders at the root that are not part of the repository, and results of experiments: long, and data. */
const ignored = [
  ...['.git', 'node_modules', 'dist', 'coverage', 'runs', 'demo', 'report'],
  'experiments/results',
];
const isText = /\.(ts|js|py|md|json|yaml|yml|cff)$|^\.|^run$/;

/** Every text file in and below a folder. */
function textFiles(folder = ''): TextFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (ignored.includes(path)) return [];
    if (entry.isDirectory()) return textFiles(path);
    return isText.test(entry.name) ? [{ path, text: readFileSync(join(root, path), 'utf8') }] : [];
  });
}

test('no file names a place outside the repository', () => {
  const files = textFiles();
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'README.md',
      '.ci/run',
      'src/cli/main.ts',
      'test/report/report.test.ts',
    ]),
  );
  // What violates the rule on purpose stands in its own test.
  expect(placeViolations(files.filter(({ path }) => path !== 'test/place-rules.test.ts'))).toEqual(
    [],
  );
});

test('the source tree obeys every rule of its architecture', () => {
  expect(sources.length).toBeGreaterThan(0);
  expect(violations(sources)).toEqual([]);
});

test('the page and the site around it obey every rule of their own', () => {
  expect(page.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['page/main.tsx', 'site/main.tsx']),
  );
  expect(pageViolations(page)).toEqual([]);
});

test('what makes the bundled model obeys the rules of form, and nothing that ships knows it', () => {
  expect(pocket.map(({ path }) => path)).toContain('pocket/world/scene.ts');
  expect(shapeViolations(pocket)).toEqual([]);
  const knowing = [...sources, ...page].filter(({ imports }) =>
    imports.some((specifier) => /(^|\/)pocket\/(world|training)\//.test(specifier)),
  );
  expect(knowing.map(({ path }) => path)).toEqual([]);
});

test('no element of a list falls back to a value outside the loops over numbers', () => {
  expect(fallbackViolations(program, root)).toEqual([]);
});

test.each(['src/index.ts', 'src/graph/index.ts', 'src/runtime/index.ts', 'src/adapters/index.ts'])(
  '%s exports every type that its signatures name',
  (entry) => {
    expect(unnamedTypes(program, join(root, entry), root)).toEqual([]);
  },
);

test('a type without a name is noticed wherever a signature has it', () => {
  const entry = join(root, 'src/nn/a.ts');
  const own = new Map([
    [
      entry,
      `import type { Alone, Deep, Hidden, Part, Returned, Whole } from './b.ts';
      import { made } from './b.ts';
      export interface Shown extends Part { readonly whole: Pick<Whole, 'deep'> }
      export class Holder { #hidden?: Hidden; private other?: Hidden; list: readonly Alone[] = []; }
      export function inferred() { const inside: Hidden = {}; return made(inside); }
      export type { Deep as Renamed };`,
    ],
    [
      join(root, 'src/nn/b.ts'),
      `export interface Alone { readonly b: number }
      export interface Deep { readonly c: Deepest }
      export interface Deepest { readonly d: number }
      export interface Hidden {}
      export interface Part { readonly e: Alone }
      export interface Returned { readonly f: number }
      export interface Whole { readonly deep: Deep; readonly left: Hidden }
      export function made(hidden: Hidden): Returned[] { return []; }`,
    ],
  ]);
  const found = unnamedTypes(programOf(root, own), entry, root);
  expect(found.map(({ name, namedBy }) => `${name} of ${namedBy}`).sort()).toEqual([
    'Alone of Shown',
    'Deepest of Deep',
    'Returned of inferred',
  ]);
});

test('fallbacks are noticed on lists, not on records, groups and optional lists', () => {
  const text = `
    export function a(list: readonly number[], pair: readonly [number, number], text: string) {
      const numbers = new Float32Array(2);
      const record: Record<string, number> = {};
      const fine = [record[text] ?? 0, /(a)/.exec(text)?.[1] ?? '', (pair as typeof pair | undefined)?.[0] ?? 1];
      return [list[2] ?? 0, (list.at(-1)) ?? 1, numbers[3] ?? 0, fine];
    }`;
  const files = ['src/graph/a.ts', 'src/optim/a.ts'].map(
    (path) => [join(root, path), text] as const,
  );
  const found = fallbackViolations(programOf(root, new Map(files)), root);
  expect(found.map((line) => line.split(' hides')[0])).toEqual([
    'src/graph/a.ts:6: "list[2] ?? 0"',
    'src/graph/a.ts:6: "(list.at(-1)) ?? 1"',
    'src/graph/a.ts:6: "numbers[3] ?? 0"',
    'src/optim/a.ts:6: "list[2] ?? 0"',
    'src/optim/a.ts:6: "(list.at(-1)) ?? 1"',
  ]);
});

test.runIf(existsSync(join(root, 'src/index.ts')))('the public names are these', () => {
  expect([...read('src/index.ts').exportedNames].sort()).toMatchSnapshot();
});

describe('the rules notice', () => {
  const file = '/** @file A. */\n';

  test.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'an import to the right',
      {
        'src/tensor/a.ts': `${file}import { b } from '../graph/b.ts';`,
        'src/graph/b.ts': `${file}export const b = 1;`,
      },
      'src/tensor/a.ts: imports src/graph/b.ts: tensor lies before graph; imports go the other way',
    ],
    [
      'a type import within a layer',
      {
        'src/nn/a.ts': `${file}type B = import('../runtime/b.ts').B;`,
        'src/runtime/b.ts': `${file}export type B = 1;`,
      },
      'src/nn/a.ts: imports src/runtime/b.ts: nn and runtime are one layer and do not know each other',
    ],
    [
      'a crowded folder',
      Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`src/nn/a${i}.ts`, file])),
      'src/nn: 16 files side by side; group them by idea',
    ],
    [
      'a name of two ideas',
      { 'src/nn/a.ts': file, 'src/graph/a.ts': file, 'src/cli/commands/a.ts': file },
      'src/nn/a.ts, src/graph/a.ts, src/cli/commands/a.ts: "a.ts" names two ideas; name each by its own',
    ],
    [
      'an import of the entry',
      {
        'src/graph/a.ts': `${file}export { b } from '../index.ts';`,
        'src/index.ts': `${file}export const b = 1;`,
      },
      'src/graph/a.ts: imports src/index.ts: files at the root of src are entries, nothing imports them',
    ],
    [
      'an import of a test',
      {
        'src/base/a.ts': `${file}import './b.test.ts';`,
        'src/base/b.test.ts': '',
      },
      'src/base/a.ts: imports src/base/b.test.ts: a test is not a library',
    ],
    [
      'an import of nothing',
      { 'src/base/a.ts': `${file}import { b } from './b.js';` },
      'src/base/a.ts: imports src/base/b.js, which is no file of src',
    ],
    [
      'a cycle',
      {
        'src/base/a.ts': `${file}import { b } from './b.ts';`,
        'src/base/b.ts': `${file}import type { a } from './a.ts';`,
      },
      'src/base/a.ts: import cycle src/base/a.ts → src/base/b.ts → src/base/a.ts; move what both need to a third file',
    ],
    [
      'the runtime package elsewhere',
      { 'src/nn/a.ts': `${file}const ort = await import('onnxruntime-node');` },
      'src/nn/a.ts: imports onnxruntime-node: only platform, studio, cli may; ask platform',
    ],
    [
      'a library beside its door',
      { 'src/generate/a.ts': `${file}import opentype from 'opentype.js';` },
      'src/generate/a.ts: imports opentype.js: only src/generate/lettering/typeface.ts may; ask it',
    ],
    [
      'file access elsewhere',
      { 'src/storage/a.ts': `${file}import { readFile } from 'node:fs/promises';` },
      'src/storage/a.ts: imports node:fs/promises: only platform, studio, cli may; ask platform',
    ],
    [
      "Node's globals elsewhere",
      { 'src/train/a.ts': `${file}const threads = Number(process.env.THREADS);` },
      'src/train/a.ts: uses process; only platform, studio, cli may: ask platform',
    ],
    [
      'a text whose encoding is not checked',
      { 'src/train/a.ts': `${file}const text = await readFile(path, 'utf8');` },
      'src/train/a.ts: replaces bytes that are not UTF-8; use readText() or decodeText()',
    ],
    [
      'printing and the clock in the library',
      { 'src/train/a.ts': `${file}console.error(Date.now());` },
      'src/train/a.ts: uses console; only cli may: take an argument or emit an event',
    ],
    [
      'the clock behind an alias of the global object',
      { 'src/train/a.ts': `${file}const now = globalThis.Date.now();` },
      'src/train/a.ts: uses Date.now; only cli may: take an argument or emit an event',
    ],
    [
      'a date of today',
      { 'src/train/a.ts': `${file}const today = new Date();` },
      'src/train/a.ts: uses new Date(); only cli may: take an argument or emit an event',
    ],
    [
      'a default export',
      { 'src/base/a.ts': `${file}export default class A {}` },
      'src/base/a.ts: default export; export by name',
    ],
    [
      'a default export by name',
      { 'src/base/a.ts': `${file}const a = 1;\nexport { a as default };` },
      'src/base/a.ts: default export; export by name',
    ],
    [
      'a star export',
      {
        'src/base/a.ts': `${file}export * from './b.ts';`,
        'src/base/b.ts': `${file}export const b = 1;`,
      },
      'src/base/a.ts: "export *"; list the names',
    ],
    [
      'a long file',
      { 'src/base/a.ts': file + 'const a = 1;\n'.repeat(400) },
      'src/base/a.ts: 401 lines, at most 400; split it by idea',
    ],
    [
      'a drawer',
      { 'src/base/utils.ts': file },
      'src/base/utils.ts: "utils" says nothing; name the idea',
    ],
    ['another case', { 'src/base/aB.ts': file }, 'src/base/aB.ts: "aB" is not kebab-case'],
    [
      'a new folder',
      { 'src/magic/a.ts': file },
      'src/magic/a.ts: folder "magic" has no layer; add it to the layers of the test',
    ],
    [
      'a path in a command to type',
      { 'src/cli/a.ts': `${file}const a = \`go on: krona train --resume \${b}\`;` },
      'src/cli/a.ts: "go on: krona train --resume …": a value in a command to type may need quotes; commandLine()',
    ],
    [
      'a command that prints by itself',
      { 'src/cli/commands/a.ts': `${file}command.description('a').action(() => {});` },
      'src/cli/commands/a.ts: ".action(": a command works and speaks by addAction()',
    ],
    [
      'a flag in what the library says',
      { 'src/base/a.ts': `${file}const a = 'leave it out, or add --rank 8';` },
      'src/base/a.ts: "leave it out, or add --rank 8": only cli speaks of commands and flags; name the setting in backquotes',
    ],
    [
      'a command in what the library says',
      { 'src/base/a.ts': `${file}const a = \`go on with \${b}: krona train\`;` },
      'src/base/a.ts: "go on with …: krona train": only cli speaks of commands and flags; name the setting in backquotes',
    ],
    [
      'a file without its idea',
      { 'src/base/a.ts': '' },
      'src/base/a.ts: does not begin with "/** @file ... */"',
    ],
  ])('%s', (_rule, tree, message) => {
    const files = Object.entries(tree).map(([path, text]) => parseSource(path, text));
    expect(violations(files)).toContain(message);
  });

  test.each<[string, string, string, string]>([
    [
      'a package in the page that browsers get nowhere else',
      'page/parts/a.ts',
      `${file}import * as z from 'zod';`,
      'page/parts/a.ts: imports zod: the page takes react, react-dom/client, @tanstack/react-query, wouter, wouter/use-browser-location, uplot',
    ],
    [
      'the library in the page',
      'page/parts/a.ts',
      `${file}import type { A } from '../../src/train/a.ts';`,
      'page/parts/a.ts: imports src/train/a.ts: of src the page knows src/studio/interface/ alone',
    ],
    [
      'values of the interface in the page',
      'page/parts/a.ts',
      `${file}import { a } from '../../src/studio/interface/a.ts';`,
      'page/parts/a.ts: imports values of src/studio/interface/a.ts: types alone',
    ],
    [
      'the library in the part of the site that has the page',
      'site/a.ts',
      `${file}import { a } from '../src/api/a.ts';`,
      'site/a.ts: imports src/api/a.ts: of src the page knows src/studio/interface/ alone',
    ],
    [
      'the page in a worker of the site',
      'site/workers/a.ts',
      `${file}import { a } from '../../page/parts/a.ts';`,
      'site/workers/a.ts: imports page/parts/a.ts: workers take src and site/workers/ alone',
    ],
    [
      'the site in the page',
      'page/parts/a.ts',
      `${file}import { a } from '../../site/a.ts';`,
      'page/parts/a.ts: imports site/a.ts: the site is made of the page, a server has the page alone',
    ],
    [
      'a screen in a screen',
      'page/screens/a/a-screen.tsx',
      `${file}import { B } from '../b/b-screen.tsx';`,
      'page/screens/a/a-screen.tsx: imports page/screens/b/b-screen.tsx: what two screens need belongs in parts',
    ],
    [
      'a long file of the page',
      'page/parts/a.ts',
      file + 'const a = 1;\n'.repeat(300),
      'page/parts/a.ts: 301 lines, at most 300',
    ],
  ])('%s', (_rule, path, text, message) => {
    expect(pageViolations([parseSource(path, text)])).toContain(message);
  });

  test('nothing in a sound tree, nor in tests that import what they like', () => {
    const tree = [
      parseSource('src/base/a.ts', `${file}export const a = [new Date(0), '--import'];`),
      parseSource('src/cli/b.ts', `${file}import { a } from '../base/a.ts';\nconsole.log(a);`),
      parseSource('src/base/a.test.ts', `import 'node:fs';\nimport '../cli/b.ts';`),
    ];
    expect(violations(tree)).toEqual([]);
  });
});
