/** @file What pages have to know of the package without its folder: its files and its version. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const listing = 'models/files.json';

/** The written files, by path from the root. */
export function browserFiles(root: string): ReadonlyMap<string, string> {
  return new Map([
    [listing, `${JSON.stringify(sizesOf(root), undefined, 2)}\n`],
    ['src/platform/browser/version.ts', versionModule(root)],
  ]);
}

const folders = ['models', 'fonts', 'experiments'] as const;
/** What came out of the experiments is no part of the package. */
const results = 'experiments/results/';

/** Bytes of all files that come with the package and are read by it, by path from the root. */
function sizesOf(root: string): Readonly<Record<string, number>> {
  const found = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(root, join(parentPath, name)).replaceAll('\\', '/')),
  );
  const paths = found.filter((path) => path !== listing && !path.startsWith(results)).sort();
  return Object.fromEntries(paths.map((path) => [path, statSync(join(root, path)).size]));
}

function versionModule(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return `/** @file The version of this package. Written by \`npm run derive\`. */

/** As package.json says it. */
export function packageVersion(): string {
  return '${version}';
}
`;
}
