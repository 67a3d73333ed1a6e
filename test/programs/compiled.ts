/** @file The project as JavaScript, for programs that tests start: Node takes a third of the time that it takes with a loader. */
import { cp, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, version as compilerVersion } from 'esbuild';
import { filesOf, keptFolder, root } from './kept-folder.ts';

/** Folders with programs, and with what programs import. */
const compiled = ['src', 'test', 'bench'];
/** What npm installs as it is. A program finds the other files of its package from its own place, so it has a copy. */
const copied = ['package.json', 'bin'];
const linked = ['node_modules', 'models', 'fonts', 'experiments'];

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
  const deciding = {
    values: [compilerVersion, others],
    // How it is compiled, too.
    files: [...sources, ...(await filesOf(copied))],
  };
  return await keptFolder('compiled', deciding, async (made) => {
    await writeScripts(sources, made);
    for (const path of copied) await cp(join(root, path), join(made, path), { recursive: true });
    for (const path of [...linked, ...others]) {
      await mkdir(dirname(join(made, path)), { recursive: true });
      await symlink(join(root, path), join(made, path));
    }
    // As the package calls it, whose `exports` name files there.
    await symlink('src', join(made, 'dist'));
  });
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
