/** @file The project as JavaScript, for programs that tests start: Node takes a third of the time that it takes with a loader. */
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, symlink, utimes } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, version as compilerVersion } from 'esbuild';
import { systemCodeOf } from '../../src/storage/file-errors.ts';

/** Folders with programs, and with what programs import. */
const compiled = ['src', 'test', 'bench'];
/** What npm installs as it is. A program finds the other files of its package from its own place, so it has a copy. */
const copied = ['package.json', 'bin'];
const linked = ['node_modules', 'models', 'fonts', 'experiments'];
/** After this long without use, in milliseconds, what was compiled goes. */
const keptUnused = 24 * 60 * 60 * 1000;

const root = join(import.meta.dirname, '../..');

/**
 * The folder of the project whose programs Node runs as they are: of a compiled program its own, otherwise one of the
 * sources as they are now.
 */
export const compiledProject = import.meta.filename.endsWith('.ts') ? await compile() : root;

/** Where a program or module of the project lies compiled. @param path in the project: `bench/main.ts`, `bin/krona.js` */
export function compiledPath(path: string): string {
  return join(compiledProject, path.replace(/\.ts$/, '.js'));
}

/** Compiles the project into a folder named by all that it is made of, unless it is there. */
async function compile(): Promise<string> {
  const files = await filesOf(compiled);
  const sources = files.filter((path) => /(?<!\.test|\.d)\.ts$/.test(path));
  const others = files.filter((path) => !path.endsWith('.ts'));
  const place = join(root, 'node_modules', '.cache', 'diffusekrona');
  const target = join(place, await keyOf([...sources, ...(await filesOf(copied))], others));
  const now = new Date();
  const isThere = await utimes(target, now, now).then(
    () => true,
    () => false,
  );
  if (isThere) return target;
  const made = `${target}.${process.pid}`;
  await writeScripts(sources, made);
  for (const path of copied) await cp(join(root, path), join(made, path), { recursive: true });
  for (const path of [...linked, ...others]) {
    await mkdir(dirname(join(made, path)), { recursive: true });
    await symlink(join(root, path), join(made, path));
  }
  // As the package calls it, whose `exports` name files there.
  await symlink('src', join(made, 'dist'));
  await rename(made, target).catch(async (error: unknown) => {
    await rm(made, { recursive: true });
    // Another process was faster.
    if (!['ENOTEMPTY', 'EEXIST'].includes(systemCodeOf(error) ?? '')) throw error;
  });
  await removeUnused(place, now.getTime() - keptUnused);
  return target;
}

/** Files in folders of the project, and files themselves, as paths in it, in order. */
async function filesOf(paths: readonly string[]): Promise<readonly string[]> {
  const lists = paths.map(async (path) => {
    if ((await stat(join(root, path))).isFile()) return [path];
    const entries = await readdir(join(root, path), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => relative(root, join(parentPath, name)));
  });
  return (await Promise.all(lists)).flat().sort();
}

async function keyOf(read: readonly string[], named: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([root, compilerVersion, read, named]));
  // How it is compiled.
  hash.update(await readFile(import.meta.filename));
  for (const path of read) hash.update(await readFile(join(root, path)));
  return hash.digest('hex').slice(0, 16);
}

/** Each source becomes a script, as `npm run build` does it: without types, importing scripts. */
async function writeScripts(sources: readonly string[], folder: string): Promise<void> {
  await build({
    entryPoints: sources.map((path) => join(root, path)),
    outdir: folder,
    outbase: root,
    absWorkingDir: root,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'es2023',
    logLevel: 'error',
    plugins: [
      {
        name: 'scripts',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^\./ }, ({ kind, path }) =>
            kind === 'entry-point'
              ? undefined
              : { path: path.replace(/\.ts$/, '.js'), external: true },
          ),
      },
    ],
  });
}

async function removeUnused(place: string, since: number): Promise<void> {
  for (const name of await readdir(place)) {
    const path = join(place, name);
    const used = await stat(path).catch(() => undefined);
    if (used !== undefined && used.mtimeMs < since)
      await rm(path, { recursive: true, force: true });
  }
}
