/** @file What the documents name exists: files and folders of the project, links, sizes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folders = ['src', 'test', 'docs', 'bench', 'bin', 'models', 'experiments', 'pocket/world'];

/** Folders that a program writes into. */
const isOutput = /^experiments\/(pictures|work)\b/;
/** `NAME` and `KEY` stand for any name, braces and stars for several. */
const isPattern = /(^|[/-])[A-Z]+([./-]|$)|[*{<]/;

const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.md'))
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`),
  ),
];

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Paths from the project's root in a text: `src/graph/graph.ts`. */
function namedPaths(text: string): string[] {
  const pattern = new RegExp(`(?<![\\w./-])(?:${folders.join('|')})/[\\w./*{}<>,-]*[\\w}>*/]`, 'g');
  return [...text.matchAll(pattern)].map(([path]) => path);
}

/** Targets of a text's links within the project. */
function linkedPaths(text: string): string[] {
  return [...text.matchAll(/\]\((?!\w+:)([^)#\s]+)[^)]*\)/g)].map(([, path = '']) => path);
}

describe('the documents', () => {
  test('are found', () => {
    expect(documents).toEqual(
      expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/pitfalls.md']),
    );
    expect(documents).toContain('src/graph/README.md');
  });

  test.each(documents)('%s names files and folders that exist', (document) => {
    const missing = namedPaths(read(document)).filter(
      (path) => !isPattern.test(path) && !isOutput.test(path) && !existsSync(join(root, path)),
    );
    expect(missing).toEqual([]);
  });

  test.each(documents)('%s links to files that exist', (document) => {
    const from = join(root, dirname(document));
    expect(linkedPaths(read(document)).filter((path) => !existsSync(join(from, path)))).toEqual([]);
  });

  test.each([
    ['a file', 'Look into `src/graph/nothing.ts`.', ['src/graph/nothing.ts']],
    ['a folder at the end of a sentence', 'All lies in test/fixtures.', ['test/fixtures']],
    ['a pattern', 'Touch `src/adapters/NAME.ts`.', ['src/adapters/NAME.ts']],
    ['no path of another place', 'Your pictures in my/src/a.ts, ./docs/a.md', []],
  ])('paths are seen: %s', (_what, text, paths) => {
    expect(namedPaths(text)).toEqual(paths);
  });
});

test('the size of the compiler is about what its page says', () => {
  const stated = /about ([\d,]+) lines/.exec(read('src/graph/README.md'))?.[1] ?? '';
  const lines = readdirSync(join(root, 'src/graph'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .reduce((sum, path) => sum + read(`src/graph/${path}`).split('\n').length, 0);
  // "About": within a tenth.
  expect(Math.abs(Number(stated.replaceAll(',', '')) - lines)).toBeLessThan(lines / 10);
});
