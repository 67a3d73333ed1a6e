/** @file Who works on a run: one process at a time, which says so in the run's folder and listens. */
import * as z from 'zod';
import { FormatError, RunError, SystemError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { open, stat } from '../../platform/files.ts';
import { randomBytes } from '../../platform/hashes.ts';
import { hostname, processId } from '../../platform/machine.ts';
import { join } from '../../platform/paths.ts';
import { sleep } from '../../platform/waiting.ts';
import {
  type Answer,
  addressOfFolder,
  askAddress,
  type HeldAddress,
  holdAddress,
  isHeld,
} from '../../storage/control-address.ts';
import { systemCodeOf } from '../../storage/file-errors.ts';
import { replaceFile } from '../../storage/files/atomic-file.ts';
import { removeFile } from '../../storage/files/folders.ts';
import { readJsonIfPresent } from '../../storage/files/json-file.ts';
import { fileSystemTime } from '../../storage/files/temporary.ts';

/** The file in a run's folder that is there while somebody works on it, and after a kill. */
export const ownerFile = 'owner.json';

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

/** A folder that this process works on until it is disposed of. */
export interface OwnedFolder extends AsyncDisposable {
  readonly owner: Owner;
}

/**
 * Makes this process the one that works on a run folder.
 *
 * @param options.now milliseconds since 1970 began
 * @param options.answer answers requests that bring the owner's token
 * @throws RunError RUN_IN_USE saying whose it is
 */
export async function ownFolder(
  folder: string,
  { now, answer }: { readonly now: () => number; readonly answer: Answer },
): Promise<OwnedFolder> {
  const control = await addressOfFolder(folder);
  const token = randomBytes(16).toString('hex');
  const held = await heldSoon(control, guarded(token, answer));
  if (held === undefined) throw inUse(folder, await readOwner(folder).catch(() => undefined));
  try {
    await requireUnowned(folder, control);
    const startedAt = new Date(now()).toISOString();
    const owner = { pid: processId, host: hostname(), startedAt, control, token };
    await writeOwner(folder, owner);
    return { owner, [Symbol.asyncDispose]: ending(folder, owner, held) };
  } catch (error) {
    await held[Symbol.asyncDispose]();
    throw error;
  }
}

/** The owner that a folder names; undefined where there is none. */
export async function readOwner(folder: string): Promise<Owner | undefined> {
  const path = join(folder, ownerFile);
  const invalid = (problem: string, options?: ErrorOptions) =>
    new RunError(
      'OWNER_INVALID',
      `${path}: ${problem}\nremove it: it says nothing that a run needs`,
      options,
    );
  const found = await readJsonIfPresent(path, 'owner of the run').catch((cause) => {
    if (!(cause instanceof FormatError)) throw cause;
    throw invalid('expected who works on the run, found no sound JSON', { cause });
  });
  if (found === undefined) return undefined;
  const parsed = schema.safeParse(found);
  if (parsed.success) return parsed.data;
  throw invalid(schemaProblems(schema, found, parsed.error));
}

/**
 * Whether the owner that a folder names is at work, as far as it can be told from this machine. A sign of life that is
 * dated ahead is one of a faster clock: taking it for none could let two work at once.
 */
export async function isAtWork(folder: string, owner: Owner, now: number): Promise<boolean> {
  if (owner.host === hostname()) return await isHeld(owner.control);
  return now - (await lastSignOfLife(folder)) < longestSilence;
}

/**
 * Asks the process that works on a run for something.
 *
 * @throws RunError RUN_NOT_RUNNING, or what the process answers in its own code
 * @throws SystemError CONTROL_SILENT
 */
export async function askOwner(folder: string, request: object): Promise<void> {
  const owner = await readOwner(folder);
  const answer = owner && (await askAddress(owner.control, { ...request, token: owner.token }));
  if (answer === undefined) {
    const where =
      owner === undefined || owner.host === hostname() ? '' : `; it is on ${owner.host}`;
    throw new RunError('RUN_NOT_RUNNING', `${folder}: nobody works on it here${where}`);
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
    if (!parsed.success) throw new RunError('NOT_ALLOWED', `it takes the token of ${ownerFile}`);
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
async function requireUnowned(folder: string, control: string): Promise<void> {
  const owner = await readOwner(folder);
  if (owner === undefined) return;
  // What this address stands for, this process holds already.
  if (owner.host === hostname() && owner.control === control) return;
  // The disk's clock: those of two machines may differ by more than the silence.
  if (await isAtWork(folder, owner, await fileSystemTime(folder))) throw inUse(folder, owner);
}

function inUse(folder: string, owner: Owner | undefined): RunError {
  const who =
    owner === undefined
      ? 'another process of this machine'
      : `process ${owner.pid} on ${owner.host}, since ${owner.startedAt}`;
  const isElsewhere = owner !== undefined && owner.host !== hostname();
  const otherwise = isElsewhere
    ? `; where it is gone for certain, remove ${join(folder, ownerFile)}`
    : '';
  return new RunError(
    'RUN_IN_USE',
    `${folder}: ${who} works on this run; two at once would spoil it: wait until that one ends, or stop it${otherwise}`,
  );
}

async function writeOwner(folder: string, owner: Owner): Promise<void> {
  await replaceFile(join(folder, ownerFile), async (handle) => {
    await handle.chmod(0o600);
    await handle.writeFile(textOf(owner));
  });
}

function textOf(owner: Owner): string {
  return `${JSON.stringify(owner, undefined, 2)}\n`;
}

/** Shows life until the returned function ends the ownership. */
function ending(folder: string, owner: Owner, held: HeldAddress): () => Promise<void> {
  const path = join(folder, ownerFile);
  const timer = setInterval(() => {
    // A folder that was moved or removed meanwhile is no reason to stop.
    touch(path, textOf(owner)).catch(() => {});
  }, heartbeat);
  timer.unref();
  return async () => {
    clearInterval(timer);
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

async function lastSignOfLife(folder: string): Promise<number> {
  try {
    return (await stat(join(folder, ownerFile))).mtimeMs;
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return Number.NEGATIVE_INFINITY;
    throw new SystemError('NOT_READABLE', `cannot read ${folder}`, { cause });
  }
}
