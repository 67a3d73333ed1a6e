/** @file Who works on a run: one process at a time, which says so in the run's folder and listens. */
import { RunError } from '../../base/errors.ts';
import { type Answer, addressOfFolder } from '../../platform/control-address.ts';
import * as ownership from '../../storage/ownership.ts';

export type Owner = ownership.Owner;

/** The file in a run's folder that is there while somebody works on it, and after a kill. */
export const ownerFile = 'owner.json';

/**
 * Makes this process the one that works on a run folder.
 *
 * @param options.now milliseconds since 1970 began
 * @param options.answer answers requests that bring the owner's token
 * @throws RunError RUN_IN_USE saying whose it is
 */
export async function ownFolder(
  folder: string,
  options: { readonly now: () => number; readonly answer: Answer },
): Promise<ownership.Ownership> {
  return await ownership.own(runIn(folder), options);
}

/** The owner that a run's folder names; undefined where there is none. */
export async function readOwner(folder: string): Promise<Owner | undefined> {
  return await ownership.readOwner(runIn(folder));
}

/** Whether the owner that a run's folder names is at work, as far as it can be told from this machine. */
export async function isAtWork(folder: string, owner: Owner, now: number): Promise<boolean> {
  return await ownership.isAtWork(runIn(folder), owner, now);
}

/**
 * Asks the process that works on a run for something.
 *
 * @throws RunError RUN_NOT_RUNNING, or what the process answers in its own code
 * @throws SystemError CONTROL_SILENT
 */
export async function askOwner(folder: string, request: object): Promise<void> {
  await ownership.askOwner(runIn(folder), request);
}

function runIn(folder: string): ownership.Owned {
  return {
    ...{ folder, file: ownerFile, noun: 'run' },
    inUse: (problem) => new RunError('RUN_IN_USE', `${folder}: ${problem}`),
    notRunning: (problem) => new RunError('RUN_NOT_RUNNING', `${folder}: ${problem}`),
    address: () => addressOfFolder(folder),
  };
}
