/** @file CONTRIBUTING's table of additions, proved: one of each, added as it says, compiles with everything else. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Addition, additions, data } from './contributing/additions.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The rows of the table: what is added, and what the other columns say. */
const rows = new Map(
  read('CONTRIBUTING.md')
    .split('\n')
    .filter((line) => /^\| an? /.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, what = '', file = '', lines = '']) => [what, { file, lines }]),
);

/** Names of files and folders among the words of a cell. */
const placesIn = (cell: string): string[] =>
  [...cell.matchAll(/`((?:src|test|page)\/[^`]+)`/g)].map(([, place = '']) => place);

/** The files of an addition as they would be: new ones, and those that are there with lines more. */
function written({ files, lines }: Addition): Map<string, string> {
  const changed = Object.entries(lines).map(([path, inserted]) => {
    let text = read(path);
    for (const [before, line] of inserted) {
      expect(text.split(before), `${path} has "${before}" once`).toHaveLength(2);
      text = text.replace(before, () => `${before}${line}`);
    }
    return [path, text] as const;
  });
  return new Map([...Object.entries(files), ...changed]);
}

/** Compiles a copy of the project, the page too, with some files in place of its own: how that ends. */
async function compiledWith(texts: ReadonlyMap<string, string>) {
  const copy = await mkdtemp(join(tmpdir(), 'krona-additions-'));
  try {
    for (const path of ['src', 'page', 'test', 'package.json', 'tsconfig.json']) {
      const fixtures = join(root, 'test', 'fixtures');
      const filter = (from: string) => from !== fixtures;
      await cp(join(root, path), join(copy, path), { recursive: true, filter });
    }
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    for (const [path, text] of texts) {
      await mkdir(dirname(join(copy, path)), { recursive: true });
      await writeFile(join(copy, path), text);
    }
    const settings = {
      extends: './page/tsconfig.json',
      files: [...texts.keys()],
      include: ['src', 'page'],
      // What workers of a browser have is of other types than what its pages have.
      exclude: ['**/*.test.ts', 'src/platform/browser', 'src/api/browser.ts'],
    };
    await writeFile(join(copy, 'tsconfig.additions.json'), JSON.stringify(settings));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/typescript-native/bin/tsc'), '-p', 'tsconfig.additions.json'],
      { cwd: copy, encoding: 'utf8' },
    );
    return { status, said: stdout + stderr };
  } finally {
    await rm(copy, { recursive: true });
  }
}

test('there is an addition for every row of the table, and none besides', () => {
  expect([...Object.keys(additions), ...data].sort()).toEqual([...rows.keys()].sort());
});

test.each(Object.entries(additions))('adding %s touches what the table says', (what, addition) => {
  const { file, lines } = rows.get(what) ?? { file: '', lines: '' };
  const said = [...placesIn(file), ...placesIn(lines)].map((place) =>
    place.replaceAll('NAME', 'example'),
  );
  const touched = [...Object.keys(addition.files), ...Object.keys(addition.lines)];
  const isWithin = (path: string, place: string) =>
    path === place || (place.endsWith('/') && path.startsWith(place));
  expect(touched.filter((path) => !said.some((place) => isWithin(path, place)))).toEqual([]);
  expect(said.filter((place) => !touched.some((path) => isWithin(path, place)))).toEqual([]);
});

test('all of them compile with everything else', async () => {
  const texts = new Map<string, string>();
  for (const addition of Object.values(additions)) {
    for (const [path, text] of written(addition)) {
      expect(texts.has(path), `${path} belongs to two rows`).toBe(false);
      texts.set(path, text);
    }
  }
  expect(await compiledWith(texts)).toEqual({ status: 0, said: '' });
});
