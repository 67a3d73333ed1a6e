/** @file CONTRIBUTING's table of additions, proved: one of each, added as it says, compiles with everything else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
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

/** A compiler over the project's files, the page's too, with some in place of theirs. */
function programWith(texts: ReadonlyMap<string, string>): ts.Program {
  const place = join(root, 'page');
  const { config } = ts.readConfigFile(join(place, 'tsconfig.json'), (path) =>
    ts.sys.readFile(path),
  );
  const tests = [...texts.keys()].filter((path) => path.startsWith('test/'));
  const include = ['src', 'page', ...tests].map((path) => join(root, path));
  const parsed = ts.parseJsonConfigFileContent({ ...config, include }, ts.sys, place);
  const own = new Map([...texts].map(([path, text]) => [join(root, path), text]));
  const host = ts.createCompilerHost(parsed.options);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => own.has(path) || fileExists(path);
  host.readFile = (path) => own.get(path) ?? readFile(path);
  host.directoryExists = (path) =>
    [...own.keys()].some((file) => file.startsWith(`${path}/`)) || ts.sys.directoryExists(path);
  const isUnit = (path: string) => path.endsWith('.test.ts') && !own.has(path);
  const names = parsed.fileNames.filter((path) => !isUnit(path));
  return ts.createProgram([...new Set([...names, ...own.keys()])], parsed.options, host);
}

function messages(diagnostics: readonly ts.Diagnostic[]): string[] {
  return diagnostics.map(({ file, messageText }) => {
    const place = file?.fileName.slice(root.length + 1) ?? '';
    return `${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
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

test('all of them compile with everything else', () => {
  const texts = new Map<string, string>();
  for (const addition of Object.values(additions)) {
    for (const [path, text] of written(addition)) {
      expect(texts.has(path), `${path} belongs to two rows`).toBe(false);
      texts.set(path, text);
    }
  }
  const program = programWith(texts);
  expect(messages(ts.getPreEmitDiagnostics(program))).toEqual([]);
});
