/** @file The folder of the demo: new, resumed, or replaced. */
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { RunError } from '../../../base/errors.ts';
import { firstNames } from '../../../base/quantities.ts';
import { pocketSubjects } from '../../../data/pocket.ts';
import { fileError } from '../../../storage/file-errors.ts';
import { namesIn } from '../../../storage/files/folders.ts';
import { isTemporaryName } from '../../../storage/files/temporary.ts';
import { ownerFile } from '../../../train/folder/owner.ts';
import { type RunRecord, readRun, runPaths } from '../../../train/folder/run-folder.ts';

/** Everything the demo writes. */
export const demoNames = {
  run: 'run',
  before: 'before',
  after: 'after',
  sheet: 'sheet.png',
} as const;

/** What generating writes. */
const drawnName = /^(\d+-seed\d+|sheet(-\d+)*)\.png$/;

/** What training leaves in a run's folder. */
const runNamesThere: readonly string[] = Object.values(runPaths('run')).map((path) =>
  basename(path),
);

interface DemoChoice {
  /** The folder of pictures that the demo trains on. */
  readonly images: string;
  readonly force: boolean;
}

/**
 * Prepares the folder. Only what a demo wrote is ever removed from it.
 *
 * @returns whether its run has begun already and should be resumed
 * @throws RunError DEMO_FOLDER where the folder holds something else, or a demo of another subject
 */
export async function prepareDemoFolder(
  out: string,
  { images, force }: DemoChoice,
): Promise<'new' | 'resume'> {
  const run = join(out, demoNames.run);
  const isBegun = (await namesIn(run)).includes('run.json');
  const foreign = await foreignNames(out, isBegun);
  if (foreign.length > 0) {
    throw new RunError(
      'DEMO_FOLDER',
      `${out} holds other things (${firstNames(foreign)}); move them away, or choose another folder with --out`,
    );
  }
  if (!isBegun) return 'new';
  const { config } = await readRun(run);
  await requireDemo(out, config);
  if (!force && config.images !== images) {
    throw new RunError(
      'DEMO_FOLDER',
      `${out} holds a demo of another subject (${config.subject}); replace it with --force, or choose another folder with --out`,
    );
  }
  // Pictures of a demo that was stopped, which numbering on would show again.
  await removeAll(
    [demoNames.sheet, demoNames.before, demoNames.after].map((name) => join(out, name)),
  );
  if (!force) return 'resume';
  await removeAll([run]);
  return 'new';
}

/** Paths in the folder that no demo wrote. A demo begins with its run, and its sheet comes after all of its pictures. */
async function foreignNames(out: string, isBegun: boolean): Promise<readonly string[]> {
  const names = await namesIn(out);
  const own = new Set<string>(isBegun ? Object.values(demoNames) : [demoNames.run]);
  if (!names.includes(demoNames.after)) own.delete(demoNames.sheet);
  const foreign = names.filter((name) => !own.has(name) && !isTemporaryName(name));
  const within = async (path: string, isOwn: (name: string) => boolean) =>
    (await namesIn(join(out, path))).filter((name) => !isOwn(name)).map((name) => join(path, name));
  foreign.push(
    ...(await within(demoNames.run, (name) => runNamesThere.includes(name) || isPassing(name))),
  );
  for (const pictures of [demoNames.before, demoNames.after]) {
    if (!own.has(pictures)) continue;
    foreign.push(...(await within(pictures, (name) => /^\d+$/.test(name))));
    for (const prompt of await namesIn(join(out, pictures))) {
      if (!/^\d+$/.test(prompt)) continue;
      const isOwn = (name: string) => drawnName.test(name) || isTemporaryName(name);
      foreign.push(...(await within(join(pictures, prompt), isOwn)));
    }
  }
  return foreign;
}

/** What a process leaves in a run's folder that was killed. */
function isPassing(name: string): boolean {
  return name === ownerFile || isTemporaryName(name);
}

/** A run in the place of the demo's may be a training of its user. */
async function requireDemo(out: string, config: RunRecord['config']): Promise<void> {
  const subjects = await pocketSubjects();
  const isDemo = subjects.some(
    ({ folder, className }) =>
      basename(folder) === basename(config.images) && config.subject === `sks ${className}`,
  );
  if (isDemo && config.base === 'pocket') return;
  throw new RunError(
    'DEMO_FOLDER',
    `${out} holds a run that is not of the demo (${config.subject} on ${config.base}); choose another folder with --out`,
  );
}

async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await rm(path, { recursive: true, force: true });
    } catch (cause) {
      throw fileError('write', path, cause);
    }
  }
}
