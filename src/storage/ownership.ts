/** @file Who works on something that lies in a folder, such as a run: one process at a time, which says so there and listens. */
import * as z from 'zod';
import { FormatError, RunError, SystemError } from '../base/errors.ts';
import { schemaProblems } from '../base/messages/schema-problems.ts';
import {
  type Answer,
  askAddress,
  type HeldAddress,
  holdAddress,
  isHeld,
} from '../platform/control-address.ts';
import { open, stat } from '../platform/files.ts';
import { randomHex } from '../platform/hashes.ts';
import { hostname, processId } from '../platform/machine.ts';
import { join } from '../platform/paths.ts';
import { repeatedly, sleep } from '../platform/waiting.ts';
import { systemCodeOf } from './file-errors.ts';
import { replaceFile } from './files/atomic-file.ts';
import { removeFile } from './files/folders.ts';
import { readJsonIfPresent } from './files/json-file.ts';
import { fileSystemTime } from './files/temporary.ts';

/** What one process at a time works on. */
export interface Owned {
  /** Folder that it lies in. */
  readonly folder: string;
  /** Name of the file there that says who works on it; it is there while somebody does, and after a kill. */
  readonly file: string;
  /** What it is, in messages: `run`. */
  readonly noun: string;
  /** Makes the error of one that another process works on. */
  readonly inUse: (problem: string) => RunError;
  /** Makes the error of one that nobody works on. */
  readonly notRunning: (problem: string) => RunError;
  /** The address that stands for it. */
  readonly address: () => Promise<string>;
}

const schema = z.object({
  pid: z.number().int(),
  host: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  /** Where it listens, on its host. */
  control: z.string(),
  /** What a request has to bring. Only the user who runs the process can read this file. */
  token: z.string(),
});

export type Owner = z.output<typeof schema>;

/** Milliseconds between signs of life, for other machines that share the disk. */
const heartbeat = 15_000;
/** Milliseconds without one after which the process is taken to be gone. */
const longestSilence = 60_000;

/** How often, and after how many milliseconds each, a folder is asked for that another process holds. */
const attempts = 8;
const betweenAttempts = 250;

/** What this process works on until it is disposed of. */
export interface Ownership extends AsyncDisposable {
  readonly owner: Owner;
}

/**
 * Makes this process the one that works on something.
 *
 * @param options.now milliseconds since 1970 began
 * @param options.answer answers requests that bring the owner's token
 * @throws RunError its `inUse`, saying whose it is
 */
export async function own(
  owned: Owned,
  { now, answer }: { readonly now: () => number; readonly answer: Answer },
): Promise<Ownership> {
  const control = await owned.address();
  const token = randomHex(16);
  const held = await heldSoon(control, guarded(token, answer));
  if (held === undefined) throw inUse(owned, await readOwner(owned).catch(() => undefined));
  try {
    await requireUnowned(owned, control);
    const startedAt = new Date(now()).toISOString();
    const owner = { pid: processId, host: hostname(), startedAt, control, token };
    await writeOwner(owned, owner);
    return { owner, [Symbol.asyncDispose]: ending(owned, owner, held) };
  } catch (error) {
    await held[Symbol.asyncDispose]();
    throw error;
  }
}

/** The owner that its file names; undefined where there is none. */
export async function readOwner(owned: Owned): Promise<Owner | undefined> {
  const { noun } = owned;
  const path = pathOf(owned);
  const invalid = (problem: string, options?: ErrorOptions) =>
    new RunError(
      'OWNER_INVALID',
      `${path}: ${problem}\nremove it: it says nothing that a ${noun} needs`,
      options,
    );
  const found = await readJsonIfPresent(path, `owner of the ${noun}`).catch((cause) => {
    if (!(cause instanceof FormatError)) throw cause;
    throw invalid('expected who works on it, found no sound JSON', { cause });
  });
  if (found === undefined) return undefined;
  const parsed = schema.safeParse(found);
  if (parsed.success) return parsed.data;
  throw invalid(schemaProblems(schema, found, parsed.error));
}

/**
 * Whether the owner that a file names is at work, as far as it can be told from this machine. A sign of life that is
 * dated ahead is one of a faster clock: taking it for none could let two work at once.
 */
export async function isAtWork(owned: Owned, owner: Owner, now: number): Promise<boolean> {
  if (owner.host === hostname()) return await isHeld(owner.control);
  return now - (await lastSignOfLife(owned)) < longestSilence;
}

/**
 * Asks the process that works on something.
 *
 * @throws RunError its `notRunning`, or what the process answers in its own code
 * @throws SystemError CONTROL_SILENT
 */
export async function askOwner(owned: Owned, request: object): Promise<void> {
  const owner = await readOwner(owned);
  const answer = owner && (await askAddress(owner.control, { ...request, token: owner.token }));
  if (answer === undefined) {
    const where =
      owner === undefined || owner.host === hostname() ? '' : `; it is on ${owner.host}`;
    throw owned.notRunning(`nobody works on it here${where}`);
  }
  const refusal = refusalSchema.safeParse(answer);
  if (refusal.success) throw new RunError(refusal.data.error.code, refusal.data.error.message);
}

const refusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Any user of the machine reaches the address; only the own one knows the token. */
function guarded(token: string, answer: Answer): Answer {
  const tokenSchema = z.looseObject({ token: z.literal(token) });
  return async (request) => {
    const parsed = tokenSchema.safeParse(request);
    if (!parsed.success)
      throw new RunError('NOT_ALLOWED', 'it takes the token of the file that says who works');
    const { token: _, ...rest } = parsed.data;
    return await answer(rest);
  };
}

/** Takes an address, also of a process that is just ending, such as the worker of a sweep that was killed. */
async function heldSoon(control: string, answer: Answer): Promise<HeldAddress | undefined> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await sleep(betweenAttempts);
    const held = await holdAddress(control, answer);
    if (held !== undefined) return held;
  }
  return undefined;
}

/** An owner on another machine, or one that began under another path. */
async function requireUnowned(owned: Owned, control: string): Promise<void> {
  const owner = await readOwner(owned);
  if (owner === undefined) return;
  // What this address stands for, this process holds already.
  if (owner.host === hostname() && owner.control === control) return;
  // The disk's clock: those of two machines may differ by more than the silence.
  if (await isAtWork(owned, owner, await fileSystemTime(owned.folder))) throw inUse(owned, owner);
}

function inUse(owned: Owned, owner: Owner | undefined): RunError {
  const who =
    owner === undefined
      ? 'another process of this machine'
      : `process ${owner.pid} on ${owner.host}, since ${owner.startedAt}`;
  const isElsewhere = owner !== undefined && owner.host !== hostname();
  const otherwise = isElsewhere ? `; where it is gone for certain, remove ${pathOf(owned)}` : '';
  return owned.inUse(
    `${who} works on this ${owned.noun}; two at once would spoil it: wait until that one ends, or stop it${otherwise}`,
  );
}

function pathOf({ folder, file }: Owned): string {
  return join(folder, file);
}

async function writeOwner(owned: Owned, owner: Owner): Promise<void> {
  await replaceFile(pathOf(owned), async (handle) => {
    await handle.chmod(0o600);
    await handle.writeFile(textOf(owner));
  });
}

function textOf(owner: Owner): string {
  return `${JSON.stringify(owner, undefined, 2)}\n`;
}

/** Shows life until the returned function ends the ownership. */
function ending(owned: Owned, owner: Owner, held: HeldAddress): () => Promise<void> {
  const path = pathOf(owned);
  const stop = repeatedly(heartbeat, () => {
    // A folder that was moved or removed meanwhile is no reason to stop.
    touch(path, textOf(owner)).catch(() => {});
  });
  return async () => {
    stop();
    await removeFile(path);
    await held[Symbol.asyncDispose]();
  };
}

/** Writes the same text over itself, so that the disk's own clock dates it. */
async function touch(path: string, text: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.write(text, 0);
  } finally {
    await handle.close();
  }
}

async function lastSignOfLife(owned: Owned): Promise<number> {
  try {
    return (await stat(pathOf(owned))).mtimeMs;
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return Number.NEGATIVE_INFINITY;
    throw new SystemError('NOT_READABLE', `cannot read ${owned.folder}`, { cause });
  }
}
