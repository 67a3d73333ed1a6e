/** @file What can be said of the package, and done with it, without installing it; `npm run check:package` does the rest. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import ts from 'typescript';
import { build } from 'vite';
import { describe, expect, test } from 'vitest';
import { exportsProgram, packedFiles, unwantedFiles } from './package/package-rules.ts';
import { compiledProject } from './programs/compiled.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json'));

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((path) => `src/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));

const builtFrom = (path: string): string =>
  path.replace(/^\.\/dist\//, 'src/').replace(/(\.d\.ts|\.js)$/, '.ts');

/** Whether a module does something when it is imported, beyond defining what it exports. */
function acts(path: string): boolean {
  const { statements } = ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2023, true);
  return statements.some(
    (statement) =>
      ts.isExpressionStatement(statement) ||
      (ts.isImportDeclaration(statement) && statement.importClause === undefined),
  );
}

describe('package.json', () => {
  test('exports what is built from a source, types first', () => {
    for (const [name, target] of Object.entries<Record<string, string> | string>(
      manifest.exports,
    )) {
      if (typeof target === 'string') {
        expect(existsSync(join(root, target)), name).toBe(true);
        continue;
      }
      expect(Object.keys(target)).toEqual(['types', 'default']);
      expect(new Set(Object.values(target).map(builtFrom)).size, name).toBe(1);
      expect(sources, name).toContain(builtFrom(target.default ?? ''));
    }
  });

  test('names as modules with side effects those that have them', () => {
    const acting = sources.filter(acts).sort();
    const stated = manifest.sideEffects.filter((path: string) => path.startsWith('./dist/'));
    expect(stated.map(builtFrom).sort()).toEqual(acting);
  });

  test('says where the project lives, and what it lists is there', () => {
    expect(manifest).toMatchObject({
      license: 'Apache-2.0',
      homepage: expect.stringMatching(/^https:/),
      repository: { type: 'git', url: expect.stringMatching(/^git\+https:/) },
      bugs: { url: expect.stringMatching(/^https:/) },
    });
    const built = ['dist', '!dist/.tsbuildinfo', '!dist/site'];
    const listed = manifest.files.filter((path: string) => !built.includes(path));
    expect(
      listed.filter((path: string) => !existsSync(join(root, path.split('/*')[0] ?? ''))),
    ).toEqual([]);
    for (const path of Object.values<string>(manifest.bin))
      expect(existsSync(join(root, path))).toBe(true);
  });

  test('builds nothing and runs nobody’s scripts when it is installed', () => {
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare', 'prepack'];
    expect(hooks.filter((hook) => hook in manifest.scripts)).toEqual([]);
    expect(read('.npmrc').trim()).toBe('ignore-scripts=true');
  });
});

test('a program of a project beside it does with it what a stranger would', async () => {
  const project = await mkdtemp(join(tmpdir(), 'my projäct '));
  try {
    await mkdir(join(project, 'node_modules'));
    await symlink(compiledProject, join(project, 'node_modules', manifest.name));
    await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
    const { code } = await transform(read('test/package/consumer.ts'), {
      loader: 'ts',
      target: 'node20',
    });
    await writeFile(join(project, 'consumer.js'), code);
    const options = { cwd: project, env: { ...process.env, KRONA_THREADS: '1' } };
    const { stdout } = await promisify(execFile)(process.execPath, ['consumer.js'], options);
    expect(stdout).toContain('trains, draws, converts and scores from code');
  } finally {
    await rm(project, { recursive: true, force: true });
  }
});

/** The compiled package packed as it is published, and unpacked as it is installed. */
async function installPacked(project: string): Promise<void> {
  const [stage, installed] = [join(project, 'stage'), join(project, 'node_modules', manifest.name)];
  const copied = ['package.json', 'bin', 'dist', 'models', 'fonts', 'experiments'];
  for (const name of copied)
    await cp(join(compiledProject, name), join(stage, name), {
      recursive: true,
      dereference: true,
    });
  const run = promisify(execFile);
  const { stdout } = await run('npm', ['pack', '--json', '--silent'], { cwd: stage });
  const [packed] = packedFiles(stdout);
  await mkdir(installed);
  await run('tar', ['-xzf', join(stage, packed.filename), '-C', installed, '--strip-components=1']);
  await rm(stage, { recursive: true });
}

test('the example of a page is built from the tarball by a bundler that knows nothing of it', async () => {
  const page = await mkdtemp(join(tmpdir(), 'krona-page-'));
  try {
    await cp(join(root, 'examples/vite'), page, { recursive: true });
    for (const name of ['onnxruntime-web', 'vite', ...Object.keys(manifest.dependencies)]) {
      const place = join(page, 'node_modules', name);
      await mkdir(dirname(place), { recursive: true });
      await symlink(join(root, 'node_modules', name), place);
    }
    await installPacked(page);
    await build({ root: page, logLevel: 'error' });
    const built = readdirSync(join(page, 'dist/assets'));
    for (const name of [/^worker-.*\.js$/, /^ort-wasm-.*\.wasm$/, /^merges\.txt-.*\.gz$/])
      expect(built.filter((file) => name.test(file))).not.toEqual([]);
    // What a bundler puts in the place of what only Node has fails when it is run.
    const withNode = built.filter((file) =>
      /externalized for browser|__vite-browser-external/.test(
        readFileSync(join(page, 'dist/assets', file), 'latin1'),
      ),
    );
    expect(withNode).toEqual([]);
  } finally {
    await rm(page, { recursive: true, force: true });
  }
});

describe('the rules of the package', () => {
  test('leave out pictures of documents, tests and what builds need', () => {
    const unwanted = [
      'docs/report.png',
      'docs/figures/a.svg',
      'test/a.ts',
      'dist/a.test.js',
      'dist/.tsbuildinfo',
    ];
    const wanted = [
      'docs/workers.md',
      'models/pocket/samples.png',
      'dist/a.js',
      'experiments/a.yaml',
    ];
    expect(unwantedFiles([...unwanted, ...wanted])).toEqual(unwanted);
  });

  test('use every export', () => {
    const { names, program } = exportsProgram(read('package.json'));
    expect(names).toContain('diffusekrona/graph');
    for (const name of names) expect(program).toContain(`from '${name}'`);
  });
});
