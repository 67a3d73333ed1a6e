/** @file An address of this origin that one worker holds: a lock that dies with it, and a channel to speak to it. */
import { SystemError } from '../../base/errors.ts';
import type { Answer, HeldAddress } from '../address.ts';
import { createHash } from './hashes.ts';
import { resolve } from './paths.ts';

export type { Answer, HeldAddress } from '../address.ts';

/** Milliseconds within which an answer has to be there. */
const patience = 10_000;

/** The address that stands for a name. */
export function controlAddress(name: string): string {
  return `krona-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}

/** The address of who works in a folder. */
export async function addressOfFolder(folder: string): Promise<string> {
  return controlAddress(resolve(folder));
}

/** Takes an address; undefined where another worker, or another part of this one, holds it. */
export async function holdAddress(
  address: string,
  answer: Answer,
): Promise<HeldAddress | undefined> {
  const release = await locked(address);
  if (release === undefined) return undefined;
  const channel = new BroadcastChannel(address);
  channel.onmessage = async ({ data }) => {
    if (!('request' in data)) return;
    const reply = await answer(data.request).catch(errorOf);
    channel.postMessage({ id: data.id, reply });
  };
  return {
    address,
    [Symbol.asyncDispose]: async () => {
      channel.close();
      release();
    },
  };
}

/** Takes a lock, and returns what gives it back; undefined where it is held. */
function locked(name: string): Promise<(() => void) | undefined> {
  return new Promise((resolved, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (lock === null) return resolved(undefined);
        return new Promise<void>((release) => resolved(release));
      })
      .catch(reject);
  });
}

function errorOf(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  return { error: { code, message } };
}

/** Whether some worker holds an address. */
export async function isHeld(address: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === address);
}

/**
 * What the worker that holds an address answers; undefined where nobody does.
 *
 * @throws SystemError CONTROL_SILENT where it does not answer in time: it may be computing
 */
export async function askAddress(address: string, request: unknown): Promise<unknown> {
  if (!(await isHeld(address))) return undefined;
  const id = crypto.randomUUID();
  const channel = new BroadcastChannel(address);
  try {
    return await new Promise((resolved, reject) => {
      const timer = setTimeout(
        () =>
          reject(
            new SystemError(
              'CONTROL_SILENT',
              `the tab at ${address} took the request and did not answer; it may be busy: try again`,
            ),
          ),
        patience,
      );
      channel.onmessage = ({ data }) => {
        if (data.id !== id || !('reply' in data)) return;
        clearTimeout(timer);
        resolved(data.reply);
      };
      channel.postMessage({ id, request });
    });
  } finally {
    channel.close();
  }
}
