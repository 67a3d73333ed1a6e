/** @file `npm run build`: the package into `dist`, or into the folder of `--outDir`; the page of Studio goes with it. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';

const root = join(import.meta.dirname, '..');
/** All are the compiler's. */
const args = process.argv.slice(2);
const { values } = parseArgs({
  args,
  options: { outDir: { type: 'string', default: join(root, 'dist') } },
  strict: false,
});

const compiler = join(root, 'node_modules', 'typescript-native', 'bin', 'tsc');
const { status } = spawnSync(
  process.execPath,
  [compiler, '-p', join(root, 'tsconfig.build.json'), ...args],
  { stdio: 'inherit' },
);
if (status !== 0) process.exit(status ?? 1);
await build({
  root: join(root, 'page'),
  logLevel: 'warn',
  build: { outDir: join(resolve(String(values.outDir)), 'studio', 'page'), emptyOutDir: true },
});
