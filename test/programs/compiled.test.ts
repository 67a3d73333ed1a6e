/** @file What children of tests run from is what `npm run build` makes of the sources. */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { compiledProject } from './compiled.ts';

test('the compiled project has the scripts that npm run build writes, each where it would be', () => {
  const root = process.cwd();
  const path = join(root, 'tsconfig.build.json');
  const read = ts.readConfigFile(path, ts.sys.readFile);
  expect(read.error).toBeUndefined();
  const project = ts.parseJsonConfigFileContent(read.config, ts.sys, root, {}, path);
  expect(project.errors).toEqual([]);
  const written = project.fileNames
    .flatMap((file) => ts.getOutputFileNames(project, file, false))
    .map((file) => relative(root, file));
  const scripts = readdirSync(join(compiledProject, 'dist'), { recursive: true })
    .map((path) => join('dist', String(path)))
    .filter((path) => path.endsWith('.js'));
  expect(scripts.sort()).toEqual(written.filter((path) => path.endsWith('.js')).sort());
  expect(written.filter((path) => path.endsWith('.d.ts'))).toHaveLength(scripts.length);
});

test('the page of Studio, which npm run build puts beside them, can be bundled', async () => {
  const root = join(process.cwd(), 'page');
  const bundled = await build({ root, logLevel: 'silent', build: { write: false } });
  const names = [bundled]
    .flat()
    .flatMap((bundle) => ('output' in bundle ? bundle.output.map(({ fileName }) => fileName) : []));
  expect(names).toContain('index.html');
  expect(names.some((name) => name.endsWith('.js'))).toBe(true);
});
