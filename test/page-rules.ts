/** @file The rules of the page of Studio and of the site around it: what they may import, how their files are named and kept short. */
import { posix } from 'node:path';
import { grouped } from '../src/base/grouped.ts';
import type { SourceFile } from './architecture-rules.ts';

/** What a browser gets; everything else is the server's. */
const packages = [
  ...['react', 'react-dom/client', '@tanstack/react-query'],
  ...['wouter', 'wouter/use-browser-location', 'uplot'],
];
const contract = 'src/studio/interface/';
/** The site's other threads, which have the library and no page. */
const workers = 'site/workers/';
const longestFile = 300;
const mostFiles = 15;

/** Every violation, each naming the file and the way out. Tests and the build's settings import what they like. */
export function pageViolations(files: readonly SourceFile[]): string[] {
  const own = files.filter(
    ({ path }) => !/\.test\.tsx?$|^(page|site)\/vite\.config\.ts$/.test(path),
  );
  return [...own.flatMap(importViolations), ...shapeViolations(own)];
}

/** Violations of what holds for every folder beside `src`: how files are named, how long they are, how many lie side by side. */
export function shapeViolations(files: readonly SourceFile[]): string[] {
  return [...files.flatMap(formViolations), ...crowded(files)];
}

function importViolations({ path, text, imports }: SourceFile): string[] {
  return imports.flatMap((specifier) => {
    const style = specifier.endsWith('.css');
    if (!specifier.startsWith('.')) {
      if (packages.includes(specifier) || style) return [];
      return [`${path}: imports ${specifier}: the page takes ${packages.join(', ')}`];
    }
    const target = posix.join(posix.dirname(path), specifier);
    if (path.startsWith(workers)) {
      if (target.startsWith('src/') || target.startsWith(workers)) return [];
      return [`${path}: imports ${target}: workers take src and ${workers} alone`];
    }
    if (path.startsWith('page/') && target.startsWith('site/')) {
      return [
        `${path}: imports ${target}: the site is made of the page, a server has the page alone`,
      ];
    }
    if (target.startsWith('src/')) return contractViolations(path, text, specifier, target);
    const [, screen] = /^page\/screens\/([^/]+)\//.exec(path) ?? [];
    const [, other] = /^page\/screens\/([^/]+)\//.exec(target) ?? [];
    const isMixed = other !== undefined && screen !== undefined && other !== screen;
    return isMixed ? [`${path}: imports ${target}: what two screens need belongs in parts`] : [];
  });
}

function contractViolations(path: string, text: string, specifier: string, target: string) {
  if (!target.startsWith(contract)) {
    return [`${path}: imports ${target}: of src the page knows ${contract} alone`];
  }
  const statement = new RegExp(`import type [^;]*from '${specifier.replaceAll('.', '\\.')}'`);
  return statement.test(text) ? [] : [`${path}: imports values of ${target}: types alone`];
}

function formViolations({ path, text, defaultExport, starExport }: SourceFile): string[] {
  const name = posix.basename(path).replace(/\.tsx?$/, '');
  const lines = text.trimEnd().split('\n').length;
  return [
    ...(text.startsWith('/** @file ') ? [] : [`${path}: does not begin with "/** @file ... */"`]),
    ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) ? [] : [`${path}: "${name}" is not kebab-case`]),
    ...(lines > longestFile ? [`${path}: ${lines} lines, at most ${longestFile}`] : []),
    ...(defaultExport ? [`${path}: default export; export by name`] : []),
    ...(starExport ? [`${path}: "export *"; list the names`] : []),
  ];
}

function crowded(files: readonly SourceFile[]): string[] {
  return [...grouped(files, ({ path }) => posix.dirname(path))]
    .filter(([, inside]) => inside.length > mostFiles)
    .map(
      ([folder, inside]) => `${folder}: ${inside.length} files side by side; group them by idea`,
    );
}
