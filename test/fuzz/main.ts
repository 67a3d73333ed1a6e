/** @file `npm run fuzz -- [--cases N] [--seed S] [--only TARGET] [--case NUMBER]`: bad input for everything that is read. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { caseOf, runCase } from './cases.ts';
import type { Report } from './child.ts';
import { makeSamples } from './samples.ts';
import { type TargetName, targetNames } from './targets/index.ts';
import { ceilings, WatchedChild } from './watched-child.ts';

interface Flags {
  readonly cases: number;
  readonly seed: number;
  readonly only?: readonly TargetName[];
  readonly case?: number;
  readonly sound?: true;
  readonly children: number;
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number');
}

const flags = new Command('fuzz')
  .description(
    'Damages every kind of file that is read, in processes with a ceiling on time and memory.',
  )
  .option('--cases <n>', 'how many', wholeNumber, 10_000)
  .option('--seed <n>', 'decides every case', wholeNumber, 1)
  .addOption(new Option('--only <target...>', 'of these targets alone').choices(targetNames))
  .option('--case <n>', 'this case alone, in this process, with its stack', wholeNumber)
  .option('--sound', 'with --case: damage nothing')
  .option('--children <n>', 'processes at once', wholeNumber, 2)
  .parse()
  .opts<Flags>();

interface Tally {
  cases: number;
  refused: number;
  readonly faults: string[];
  slowest: number;
  peakBytes: number;
}

const folder = mkdtempSync(join(tmpdir(), 'krona-fuzz-'));
try {
  const samples = await makeSamples(join(folder, 'samples'));
  if (flags.case !== undefined) {
    const each = caseOf(flags.seed, flags.case, flags.only);
    const sound = flags.sound ?? false;
    const result = await runCase({ ...each, sound }, { folder: join(folder, 'case'), samples });
    console.log(JSON.stringify({ ...each, ...result }, null, 2));
  } else {
    const tallies = await runAll(samples);
    process.exitCode = report(tallies) === 0 ? 0 : 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function runAll(samples: Awaited<ReturnType<typeof makeSamples>>) {
  const tallies = new Map<TargetName, Tally>();
  const start = performance.now();
  let next = 0;
  let ended = 0;
  const runSome = async (index: number): Promise<void> => {
    await using child = new WatchedChild(join(folder, `child-${index}`), samples);
    while (next < flags.cases) {
      const each = caseOf(flags.seed, next++, flags.only);
      const result = await child.run(each);
      count(tallies, each.target, result);
      ended += 1;
      if (ended % 100 === 0) progress(ended, performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: flags.children }, (_, index) => runSome(index)));
  return tallies;
}

function progress(ended: number, milliseconds: number): void {
  const left = (milliseconds / ended) * (flags.cases - ended);
  console.error(`${ended} of ${flags.cases} cases, ${Math.round(left / 1000)} s left`);
}

function count(tallies: Map<TargetName, Tally>, target: TargetName, result: Report): void {
  const tally = tallies.get(target) ?? {
    cases: 0,
    refused: 0,
    faults: [],
    slowest: 0,
    peakBytes: 0,
  };
  tallies.set(target, tally);
  tally.cases += 1;
  if (result.code !== 0) tally.refused += 1;
  tally.slowest = Math.max(tally.slowest, result.milliseconds);
  tally.peakBytes = Math.max(tally.peakBytes, result.peakBytes ?? 0);
  if (result.fault === undefined) return;
  const text = `case ${result.number} (${target}): ${result.fault}`;
  tally.faults.push(text);
  console.error(text);
}

function report(tallies: ReadonlyMap<TargetName, Tally>): number {
  const line = (...cells: readonly string[]) =>
    console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(18) : cell.padStart(10))).join(''));
  line('target', 'cases', 'refused', 'faults', 'slowest', 'peak');
  let faults = 0;
  for (const name of targetNames) {
    const tally = tallies.get(name);
    if (tally === undefined) continue;
    faults += tally.faults.length;
    const seconds = `${(tally.slowest / 1000).toFixed(1)} s`;
    const peak = `${(tally.peakBytes / 1e9).toFixed(2)} GB`;
    line(
      name,
      String(tally.cases),
      String(tally.refused),
      String(tally.faults.length),
      seconds,
      peak,
    );
  }
  const limits = `${ceilings.milliseconds / 1000} s and ${ceilings.bytes / 1e9} GB a case`;
  console.log(`seed ${flags.seed}: ${flags.cases} cases, ${faults} faults; ceilings ${limits}`);
  return faults;
}
