/** @file Who carries out a sweep: one process at a time for its results, which says so beside them and listens. */
import * as z from 'zod';
import { ConfigError, RunError } from '../../../base/errors.ts';
import { schemaProblems } from '../../../base/messages/schema-problems.ts';
import { controlAddress } from '../../../platform/control-address.ts';
import { realpath, rmdir } from '../../../platform/files.ts';
import { dirname, join, resolve } from '../../../platform/paths.ts';
import { createFolder } from '../../../storage/files/folders.ts';
import {
  askOwner,
  isAtWork,
  type Owned,
  type Owner,
  own,
  readOwner,
} from '../../../storage/ownership.ts';

/** Where the results of a sweep land: NAME.json and others in a folder. */
export interface ResultsPlace {
  /** Of the results. */
  readonly folder: string;
  /** Of the sweep. */
  readonly name: string;
}

const commandSchema = z.discriminatedUnion('command', [
  /** Stop what is being done where it can go on later, write the results, end. */
  z.strictObject({ command: z.literal('stop') }),
  /** End at once. What has a result keeps it. */
  z.strictObject({ command: z.literal('stop now') }),
]);

/** What other processes may ask of a sweep that is carried out. */
export type SweepCommand = z.output<typeof commandSchema>;

export interface SweepOwnerOptions {
  /** Milliseconds since 1970 began. */
  readonly now: () => number;
  /** The reason with which the signal aborts where another process asks for it. @default RunError SWEEP_STOPPED */
  readonly stopped?: Error;
  /** Ends the process at once. @default `stop now` is `stop` */
  readonly endNow?: (() => void) | undefined;
}

/** A sweep that this process carries out until it is disposed of. */
export interface OwnedSweep extends AsyncDisposable {
  /** Aborted where another process asks this one to stop. */
  readonly signal: AbortSignal;
}

/**
 * Makes this process the one that carries out a sweep.
 *
 * @throws RunError SWEEP_IN_USE saying whose it is
 */
export async function ownSweep(
  place: ResultsPlace,
  { now, stopped = stoppedFromOutside(place), endNow }: SweepOwnerOptions,
): Promise<OwnedSweep> {
  const made = await createFolder(place.folder);
  const stopping = new AbortController();
  const answer = async (request: unknown): Promise<{ readonly taken: true }> => {
    const parsed = commandSchema.safeParse(request);
    if (!parsed.success) {
      const problem = schemaProblems(commandSchema, request, parsed.error);
      throw new ConfigError('UNKNOWN_COMMAND', problem);
    }
    stopping.abort(stopped);
    // After the answer is on its way.
    if (parsed.data.command === 'stop now' && endNow !== undefined) setTimeout(endNow, 0);
    return { taken: true };
  };
  const owned = await own(sweepAt(place), { now, answer });
  return {
    signal: stopping.signal,
    [Symbol.asyncDispose]: async () => {
      await owned[Symbol.asyncDispose]();
      await removeEmpty(place.folder, made);
    },
  };
}

/** Who carries out a sweep at the moment; undefined where nobody does, as far as it can be told from this machine. */
export async function sweepOwner(place: ResultsPlace, now: number): Promise<Owner | undefined> {
  const owner = await readOwner(sweepAt(place));
  return owner !== undefined && (await isAtWork(sweepAt(place), owner, now)) ? owner : undefined;
}

/**
 * Asks the process that carries out a sweep; resolves once it has taken the command.
 *
 * @throws RunError SWEEP_NOT_RUNNING where nobody does on this machine
 * @throws SystemError CONTROL_SILENT where it does not answer in time
 */
export async function tellSweep(place: ResultsPlace, command: SweepCommand): Promise<void> {
  await askOwner(sweepAt(place), command);
}

/** A sweep that was refused leaves nothing: folders up to an uppermost one go again where nothing is in them. */
async function removeEmpty(path: string, uppermost: string | undefined): Promise<void> {
  if (uppermost === undefined) return;
  const isEmptied = await rmdir(path).then(
    () => true,
    () => false,
  );
  if (isEmptied && resolve(path) !== resolve(uppermost))
    await removeEmpty(dirname(path), uppermost);
}

function stoppedFromOutside({ name }: ResultsPlace): RunError {
  return new RunError(
    'SWEEP_STOPPED',
    `${name}: another process asked it to stop; run it again to go on, what is done is kept`,
  );
}

function sweepAt({ folder, name }: ResultsPlace): Owned {
  const file = `.${name}.owner`;
  return {
    ...{ folder, file, noun: 'sweep' },
    inUse: (problem) => new RunError('SWEEP_IN_USE', `${name}: ${problem}`),
    notRunning: (problem) => new RunError('SWEEP_NOT_RUNNING', `${name}: ${problem}`),
    address: async () => controlAddress(join(await realpath(folder), file)),
  };
}
