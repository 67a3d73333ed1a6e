/** @file `npm run parity -- DIR...`: compares this package with the reference values in any folders. */
import { KronaError } from '../../src/base/errors.ts';
import { chooseDevice } from '../../src/runtime/index.ts';
import { testDevice } from '../devices/test-device.ts';
import { fixturesFolder } from '../fixtures.ts';
import { findFixtures } from './find.ts';
import { checkFixtureFile, formatRow, type Row, tableHead } from './report.ts';

const usage = `usage: npm run parity -- [--device NAME] [DIR...]

Walks the folders (test/fixtures where none is named) for fixture.json and reference.json, runs what they describe and compares every tensor.
With --device cpu, webgpu or cuda, models compute there; whole pipelines stay on the CPU.
What a fixture holds and nothing compares has failed, unless test/parity/known-gaps.ts names it.
Ends with 0 where nothing failed, 1 where something did, 2 where it could not start.`;

async function main([first, ...rest]: readonly string[]): Promise<number> {
  if (first === '--device') {
    const [name, ...folders] = rest;
    process.env.KRONA_DEVICE = name ?? '';
    await chooseDevice(testDevice());
    return await check(folders);
  }
  return await check(first === undefined ? [] : [first, ...rest]);
}

async function check(folders: readonly string[]): Promise<number> {
  if (folders.some((folder) => folder.startsWith('-'))) {
    console.error(usage);
    return folders.includes('--help') ? 0 : 2;
  }
  const paths: string[] = [];
  for (const folder of folders.length > 0 ? folders : [fixturesFolder]) {
    paths.push(...(await findFixtures(folder)));
  }
  console.log(tableHead);
  const rows: Row[] = [];
  for (const path of new Set(paths)) {
    const found = await checkFixtureFile(path);
    rows.push(...found);
    console.log(found.map(formatRow).join('\n'));
  }
  console.log(`\n${summary(rows)}`);
  return rows.some(({ worst }) => worst.status === 'failed') ? 1 : 0;
}

function summary(rows: readonly Row[]): string {
  const count = (status: Row['worst']['status']) =>
    rows.filter(({ worst }) => worst.status === status).length;
  const tensors = rows.reduce((sum, row) => sum + row.tensors, 0);
  return `${rows.length} groups of ${tensors} tensors: ${count('ok')} ok, ${count('failed')} failed, ${count('unsupported')} known gaps`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof KronaError)) throw error;
  console.error(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
