/** @file `npm run kill -- [count] [--seed n]`: kills commands at random moments; nothing may be lost, differ or be left. */
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { formatDuration } from '../../src/base/quantities.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { startKrona } from '../../test/programs/start.ts';
import {
  type Kind,
  killable,
  lastBeginning,
  lastCheckpointTold,
  sweepText,
  trainFlags,
} from './kinds.ts';

/** Files by path with a hash of their bytes. */
type Files = ReadonlyMap<string, string>;

/** A command that ran to its end. */
interface Reference {
  readonly milliseconds: number;
  readonly files: Files;
}

interface Tally {
  kills: number;
  /** Of these, those that met the command at work. */
  atWork: number;
  readonly faults: string[];
}

const program = new Command('kill')
  .description('Kills train, generate, convert, merge and sweep at random moments, in turn.')
  .argument('[count]', 'kills in all', wholeNumber, 100)
  .option('--seed <n>', 'decides the moments', wholeNumber, Date.now() % 1_000_000)
  .action(async (count: number, { seed }: { readonly seed: number }) => {
    process.stdout.write(`${count} kills, seed ${seed}\n`);
    const faults = await killAll(count, seed);
    process.exitCode = faults === 0 ? 0 : 1;
  });

await program.parseAsync();

async function killAll(count: number, seed: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'krona-kills-'));
  try {
    const kinds = await prepare(folder);
    const references = new Map<Kind, Reference>();
    const tallies = new Map<Kind, Tally>();
    const moments = new TorchGenerator(seed).rand(count);
    const started = performance.now();
    for (const [i, moment] of moments.entries()) {
      const kind = kinds[i % kinds.length];
      if (kind === undefined) continue;
      // Always the same, because pictures say where they were written to.
      const own = join(folder, kind.name);
      const reference = references.get(kind) ?? (await referenceOf(kind, own));
      references.set(kind, reference);
      const tally = tallies.get(kind) ?? { kills: 0, atWork: 0, faults: [] };
      tallies.set(kind, tally);
      await killOnce(kind, { folder: own, reference, moment, tally });
      await rm(own, { recursive: true });
      const left = ((performance.now() - started) / (i + 1)) * (count - i - 1);
      if ((i + 1) % 10 === 0)
        console.error(`${i + 1} of ${count}, ${formatDuration(left / 1000)} left`);
    }
    for (const [kind, tally] of tallies) process.stdout.write(describe(kind, tally));
    return [...tallies.values()].reduce((sum, { faults }) => sum + faults.length, 0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(folder: string): Promise<readonly Kind[]> {
  const run = join(folder, 'material');
  await finish([...trainFlags, '--steps', '5', '--out', run]);
  const sweep = join(folder, 'killed.yaml');
  await writeFile(sweep, sweepText);
  return killable({ run, sweep });
}

async function referenceOf(kind: Kind, folder: string): Promise<Reference> {
  await mkdir(folder);
  const started = performance.now();
  await finish(kind.first(folder));
  const milliseconds = performance.now() - started;
  const files = await filesOf(folder);
  await rm(folder, { recursive: true });
  return { milliseconds, files };
}

interface Kill {
  readonly folder: string;
  readonly reference: Reference;
  /** Share of the time that the command takes. */
  readonly moment: number;
  readonly tally: Tally;
}

async function killOnce(kind: Kind, { folder, reference, moment, tally }: Kill): Promise<void> {
  await mkdir(folder);
  const child = start(kind.first(folder));
  const ended = endOf(child);
  await Promise.race([sleep(moment * reference.milliseconds), ended]);
  tally.kills += 1;
  const isAtWork = child.exitCode === null;
  if (isAtWork) tally.atWork += 1;
  child.kill('SIGKILL');
  await ended;
  const fault = (text: string) => tally.faults.push(`killed at ${moment.toFixed(3)}: ${text}`);
  for (const [path, hash] of await filesOf(folder)) {
    const expected = reference.files.get(path);
    // What is hidden is not there yet.
    if (/(^|\/)\./.test(path) || !kind.whole(path) || !kind.results(path)) continue;
    if (expected === hash) continue;
    fault(`${path} was there and not whole`);
  }
  const run = join(folder, 'run');
  const told = await lastCheckpointTold(run);
  const again = await kind.again(folder);
  const end = await endOf(start(again ?? kind.first(folder)));
  if (end !== 0) fault(`going on ended with ${end}`);
  // A run that had ended has nothing to go on with.
  if (kind.name === 'train' && isAtWork && (await lastBeginning(run)) < told) {
    fault(`went on from step ${await lastBeginning(run)}, with a checkpoint of step ${told}`);
  }
  const files = await filesOf(folder);
  for (const [path, hash] of reference.files) {
    if (kind.results(path) && files.get(path) !== hash) fault(`${path} differs`);
  }
  for (const path of files.keys()) {
    if (path.endsWith('.tmp') || path.endsWith('owner.json')) fault(`${path} was left`);
  }
}

function describe({ name }: Kind, { kills, atWork, faults }: Tally): string {
  const lines = faults.map((fault) => `  ${fault}\n`);
  const verdict = faults.length === 0 ? 'nothing lost, differing or left' : 'FAULTS';
  return `${name.padEnd(8)} ${kills} kills, ${atWork} at work: ${verdict}\n${lines.join('')}`;
}

function start(argv: readonly string[]): ChildProcess {
  return startKrona(argv, ['ignore', 'ignore', 'inherit']).process;
}

function endOf(child: ChildProcess): Promise<number | string | null> {
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? signal));
  });
}

async function finish(argv: readonly string[]): Promise<void> {
  const end = await endOf(start(argv));
  if (end !== 0) throw new Error(`krona ${argv.join(' ')} ended with ${end}`);
}

async function filesOf(folder: string): Promise<Files> {
  const files = new Map<string, string>();
  if (!existsSync(folder)) return files;
  for (const path of await readdir(folder, { recursive: true })) {
    const full = join(folder, path);
    if (!(await stat(full)).isFile()) continue;
    const hash = createHash('sha256')
      .update(await readFile(full))
      .digest('hex');
    files.set(path.replaceAll('\\', '/'), hash);
  }
  return files;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}
