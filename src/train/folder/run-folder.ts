/** @file A run's folder, which is all there is of a run. */
import * as z from 'zod';
import { RunError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { firstNames } from '../../base/quantities.ts';
import { addressOfFolder, isHeld } from '../../platform/control-address.ts';
import { dirname, join, resolve } from '../../platform/paths.ts';
import { removeTemporaryFiles, writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { copyOfFile } from '../../storage/files/copied-file.ts';
import { createFolder, namesIn } from '../../storage/files/folders.ts';
import { readJson } from '../../storage/files/json-file.ts';
import { fileFingerprint } from '../../storage/fingerprint.ts';
import { trainSchema } from '../train-options.ts';
import { ownerFile } from './owner.ts';

/** What is where in a run folder, as events name it. */
export const runNames = {
  events: 'events.jsonl',
  checkpoints: 'checkpoints',
  stepAdapters: 'adapters',
  samples: 'samples',
  adapter: 'adapter.safetensors',
} as const;

/** Where things are in a run folder. */
export interface RunPaths {
  readonly folder: string;
  readonly run: string;
  readonly events: string;
  readonly dataset: string;
  /** Held-out pictures of the first subject, encoded. */
  readonly validation: string;
  readonly checkpoints: string;
  /** The adapters at the steps of checkpoints, which stay when those go. */
  readonly stepAdapters: string;
  readonly samples: string;
  readonly tensorboard: string;
  readonly wandb: string;
  /** Pictures of the first subject's class that the base model drew. */
  readonly prior: string;
  /** Pictures of the subject, where the run keeps copies. */
  readonly images: string;
  readonly adapter: string;
  /** Copy of the adapter that the run goes on from. */
  readonly initialAdapter: string;
  readonly lossCurve: string;
  /** The last parameters, where the adapter is their average. */
  readonly lastAdapter: string;
}

export function runPaths(folder: string): RunPaths {
  return {
    folder,
    run: join(folder, 'run.json'),
    events: join(folder, runNames.events),
    dataset: join(folder, 'dataset.safetensors'),
    validation: join(folder, 'validation.safetensors'),
    checkpoints: join(folder, runNames.checkpoints),
    stepAdapters: join(folder, runNames.stepAdapters),
    samples: join(folder, runNames.samples),
    tensorboard: join(folder, 'tensorboard'),
    wandb: join(folder, 'wandb'),
    prior: join(folder, 'prior'),
    images: join(folder, 'images'),
    adapter: join(folder, runNames.adapter),
    initialAdapter: join(folder, 'adapter-init.safetensors'),
    lossCurve: join(folder, 'loss.svg'),
    lastAdapter: join(folder, 'adapter-last.safetensors'),
  };
}

/** Pictures that the base model drew of the class of a subject: prior, prior-2, ... */
export function priorFolder({ prior }: Pick<RunPaths, 'prior'>, concept: number): string {
  return concept === 0 ? prior : `${prior}-${concept + 1}`;
}

/** Held-out pictures of a subject, encoded: validation.safetensors, validation-2.safetensors, ... */
export function validationFile(
  { validation }: Pick<RunPaths, 'validation'>,
  concept: number,
): string {
  return concept === 0 ? validation : validation.replace(/(?=\.safetensors$)/, `-${concept + 1}`);
}

const version = '1';

const schema = z.strictObject({
  version: z.literal(version),
  package: z.string(),
  config: trainSchema,
  base: z.strictObject({
    name: z.string(),
    folder: z.string(),
    unetFingerprint: z.string(),
  }),
  /** Of the copy of the adapter that the run goes on from. */
  init: z.strictObject({ fingerprint: z.string() }).optional(),
  images: z.array(z.string()).readonly(),
  sites: z.number().int(),
  parameters: z.number().int(),
});

/** What run.json says: everything needed to run again. */
export type RunRecord = Omit<z.output<typeof schema>, 'version'>;

/**
 * Makes a run folder and writes its record.
 *
 * @param kept what it keeps copies of: the bytes of the adapter that it goes on from, pictures of a folder
 * @throws RunError RUN_EXISTS where the folder is not empty
 */
export async function createRun(
  folder: string,
  record: Omit<RunRecord, 'init'>,
  { initialAdapter, images }: KeptFiles = {},
): Promise<RunPaths> {
  await requireFree(folder);
  const paths = runPaths(folder);
  await createFolder(folder);
  const init = initialAdapter && (await keepInitial(paths, initialAdapter));
  if (images !== undefined) await copyImages(images, paths.images);
  // From here on, whatever happens, the run can be resumed.
  await writeRecord(paths, {
    ...record,
    ...(images && { config: { ...record.config, images: resolve(paths.images) } }),
    ...(init && { init }),
  });
  return paths;
}

async function copyImages({ folder, names }: KeptImages, to: string): Promise<void> {
  for (const name of names) {
    const copy = join(to, name);
    await createFolder(dirname(copy));
    await copyOfFile(join(folder, name), copy);
  }
}

interface KeptImages {
  readonly folder: string;
  readonly names: readonly string[];
}

interface KeptFiles {
  readonly initialAdapter?: Uint8Array | undefined;
  readonly images?: KeptImages | undefined;
}

/** Writes what run.json says. */
export async function writeRecord({ run }: RunPaths, record: RunRecord): Promise<void> {
  await writeFileAtomic(run, `${JSON.stringify({ version, ...record }, undefined, 2)}\n`);
}

async function keepInitial({ initialAdapter: path }: RunPaths, bytes: Uint8Array) {
  await writeFileAtomic(path, bytes);
  return { fingerprint: await fileFingerprint(path) };
}

/** Makes the folders inside a run's folder, and removes what a killed process left of unfinished files. */
export async function tidyRun(paths: RunPaths): Promise<void> {
  const { folder, checkpoints, stepAdapters, samples } = paths;
  for (const each of [folder, checkpoints, stepAdapters, samples]) {
    await createFolder(each);
    await removeTemporaryFiles(each);
  }
}

/** Refuses a folder that holds anything but what a process leaves that is killed before the run has begun. */
export async function requireFree(folder: string): Promise<void> {
  const found = await namesIn(folder);
  const names = found.filter((name) => !name.startsWith('.') && name !== ownerFile);
  if (names.length === 0) return;
  const refusal = (advice: string, details: Readonly<Record<string, string>> = {}) =>
    new RunError('RUN_EXISTS', `out: ${folder} cannot become a run folder: ${advice}`, { details });
  if (!names.includes('run.json')) {
    throw refusal(`it is not empty (${firstNames(names)}); choose a new folder`);
  }
  if (await isHeld(await addressOfFolder(folder))) {
    throw refusal('a run is being trained in it right now; choose another folder');
  }
  throw refusal('it holds a run already; go on with it or choose another folder', { run: folder });
}

/**
 * Reads a run's record.
 *
 * @throws RunError NOT_A_RUN, or RUN_VERSION
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const paths = runPaths(folder);
  const names = await namesIn(folder);
  if (!names.includes('run.json')) {
    const found = names.length === 0 ? 'nothing' : names.slice(0, 5).join(', ');
    throw new RunError(
      'NOT_A_RUN',
      `${folder}: expected a run folder with run.json, found ${found}; a run that was stopped before its first file was written has to be started again`,
    );
  }
  const found = await readJson(paths.run, 'run record');
  const parsed = schema.safeParse(found);
  if (!parsed.success) {
    throw new RunError(
      'RUN_VERSION',
      `${paths.run}: ${schemaProblems(schema, found, parsed.error)}`,
    );
  }
  const { version: _, ...record } = parsed.data;
  return record;
}
