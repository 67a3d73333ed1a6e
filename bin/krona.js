#!/usr/bin/env node
/** @file The command as npm installs it: runs what `npm run build` made of src/cli. */
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  const { run } = await import(main.href);
  process.exitCode = await run(process.argv.slice(2));
} else {
  process.stderr.write('krona: dist/ is missing; build it with "npm run build" [NOT_BUILT]\n');
  process.exitCode = 1;
}
