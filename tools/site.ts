/** @file `npm run site`: Studio as static files for any host, with the engine in the tab, into `dist/site` or the folder of `--outDir`. */
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build as bundle } from 'esbuild';
import { build } from 'vite';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: { outDir: { type: 'string', default: join(root, 'dist', 'site') } },
});
const outDir = resolve(values.outDir);

await build({
  root: join(root, 'site'),
  logLevel: 'warn',
  build: { outDir, emptyOutDir: true },
});

// What the package names at run time.
const listing = readFileSync(join(root, 'models', 'files.json'), 'utf8');
for (const path of ['models/files.json', ...Object.keys(JSON.parse(listing))]) {
  cpSync(join(root, path), join(outDir, 'package', path));
}

/** Builds of ONNX Runtime: the processor's, and those with WebGPU. */
const runtimes = ['', '.jspi', '.asyncify'];
const runtimeFolder = join(root, 'node_modules', 'onnxruntime-web', 'dist');
for (const name of runtimes) {
  for (const ending of ['mjs', 'wasm']) {
    const file = `ort-wasm-simd-threaded${name}.${ending}`;
    cpSync(join(runtimeFolder, file), join(outDir, 'runtime', file));
  }
}

const files = filesBelow(outDir);
const hashes = Object.fromEntries(
  files.map((path) => {
    const bytes = readFileSync(join(outDir, path));
    return [path, `sha256-${createHash('sha256').update(bytes).digest('base64')}`];
  }),
);
const version = createHash('sha256').update(JSON.stringify(hashes)).digest('hex');
await bundle({
  entryPoints: [join(root, 'site', 'workers', 'service-worker.ts')],
  outfile: join(outDir, 'service-worker.js'),
  ...{ bundle: true, format: 'iife', target: 'es2022', minify: true },
  define: {
    siteFiles: JSON.stringify(hashes),
    siteVersion: JSON.stringify(version.slice(0, 16)),
  },
});
// Hosts that know this name send it for what they have not: an address of the page that somebody opens first.
cpSync(join(root, 'site', '404.html'), join(outDir, '404.html'));
const bytes = filesBelow(outDir).reduce((sum, path) => sum + statSync(join(outDir, path)).size, 0);
console.log(
  `${relative(process.cwd(), outDir) || '.'}: ${(bytes / 1e6).toFixed(1)} MB, to be served as they are`,
);

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}
