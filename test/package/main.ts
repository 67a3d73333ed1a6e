/** @file `npm run check:package`: builds and packs the package, installs it as a stranger would, and uses it there. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exportsProgram, largestPackage, packedFiles, unwantedFiles } from './package-rules.ts';

const root = resolve(import.meta.dirname, '../..');
const say = (text: string): void => console.log(text);

function run(folder: string, command: string, ...args: readonly string[]): string {
  say(`$ ${[command, ...args].join(' ')}`);
  return execFileSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Fails with what is wrong, in words. */
function demand(holds: boolean, wrong: string): void {
  if (!holds) throw new Error(`the package is not as it should be: ${wrong}`);
}

/** The tarball, from a fresh build. */
function pack(place: string): string {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run(root, 'npm', 'run', 'build');
  const [packed] = packedFiles(run(root, 'npm', 'pack', '--json', '--pack-destination', place));
  const { filename, files } = packed;
  const tarball = join(place, filename);
  const bytes = statSync(tarball).size;
  demand(bytes <= largestPackage, `${filename} has ${bytes} bytes, at most ${largestPackage}`);
  const unwanted = unwantedFiles(files.map(({ path }) => path));
  demand(unwanted.length === 0, `it holds ${unwanted.slice(0, 5).join(', ')}`);
  say(`${filename}: ${(bytes / 1e6).toFixed(1)} MB, ${files.length} files`);
  return tarball;
}

/** A new project with a blank and a letter beyond ASCII in its path, and the package in it by README's line. */
function install(place: string, tarball: string): string {
  const project = join(place, 'my projäct');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const line = /^npm install .*\bdiffusekrona$/m.exec(readme)?.[0] ?? '';
  demand(line !== '', 'README.md has no line that installs it');
  const [command = '', ...args] = line.split(' ');
  run(project, command, ...args.slice(0, -1), tarball);
  return project;
}

/** Everything that package.json exports is there at run time and, under both resolutions of modules, for the compiler. */
function useExports(project: string): void {
  const { names, program } = exportsProgram(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(project, 'uses.ts'), program);
  writeFileSync(join(project, 'uses.mjs'), program);
  say(run(project, process.execPath, 'uses.mjs').trim());
  compile(project, 'uses.ts', { noEmit: true, resolveJsonModule: true, types: [] });
  say(`exports resolve: ${names.join(', ')}`);
}

/** A program of many of its functions compiles at its strictest, its declarations checked too, and runs. */
function useLibrary(project: string): void {
  copyFileSync(join(root, 'test/package/consumer.ts'), join(project, 'consumer.ts'));
  compile(project, 'consumer.ts', {
    ...{ outDir: 'built', lib: ['es2023', 'esnext.disposable'], skipLibCheck: false },
    ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
    ...{ types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
  });
  say(run(project, process.execPath, 'built/consumer.js').trim());
}

/** Compiles a file under both resolutions of modules; what Node runs is emitted last. */
function compile(project: string, file: string, more: Readonly<Record<string, unknown>>): void {
  for (const [module, moduleResolution] of [
    ['esnext', 'bundler'],
    ['nodenext', 'nodenext'],
  ]) {
    const compilerOptions = { module, moduleResolution, target: 'es2023', strict: true, ...more };
    const settings = JSON.stringify({ compilerOptions, files: [file] });
    writeFileSync(join(project, 'tsconfig.json'), settings);
    run(project, process.execPath, join(root, 'node_modules/typescript-native/bin/tsc'), '-p', '.');
  }
}

/** The command works there as README shows it. */
function useCommand(project: string): void {
  const version = run(project, 'npx', 'diffusekrona', '--version').trim();
  demand(run(project, 'npx', 'krona', '--version').trim() === version, 'its two names differ');
  run(project, 'npx', 'krona', 'demo', '--quiet');
  demand(statSync(join(project, 'demo', 'sheet.png')).size > 0, 'its demo leaves no sheet');
  const train = ['train', '--images', 'pocket/teapot', '--subject', 'sks teapot', '--steps', '2'];
  run(project, 'npx', 'krona', ...train, '--out', 'runs/teapot', '--quiet');
  demand(statSync(join(project, 'runs/teapot/adapter.safetensors')).size > 0, 'it does not train');
}

/** The example of a page is built with it by a bundler that knows nothing of it. */
function buildExample(place: string, tarball: string): void {
  const project = join(place, 'a page');
  cpSync(join(root, 'examples/vite'), project, { recursive: true });
  run(project, 'npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', tarball);
  run(project, 'npm', 'run', 'build');
  const built = readdirSync(join(project, 'dist/assets'));
  for (const name of [/^worker-.*\.js$/, /^ort-wasm-.*\.wasm$/, /^merges\.txt-.*\.gz$/]) {
    demand(
      built.some((file) => name.test(file)),
      `the example's page has no file ${name}`,
    );
  }
  compile(project, 'worker.ts', { noEmit: true, types: ['vite/client'] });
}

const place = mkdtempSync(join(tmpdir(), 'krona-package-'));
try {
  const tarball = pack(place);
  const project = install(place, tarball);
  useExports(project);
  useLibrary(project);
  useCommand(project);
  buildExample(place, tarball);
  say('the package installs, and works where it is installed');
} finally {
  rmSync(place, { recursive: true, force: true });
}
