/** @file HEIC pictures decoded in a thread of their own, because decoding takes seconds in which a server should answer. */
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { Turns } from '../../base/turns.ts';
import { startThread } from '../processes/start-thread.ts';
import { programBeside } from '../processes.ts';
import { later } from '../waiting.ts';
import type { PictureHeader } from './picture.ts';

/** What comes of a picture. */
type HeicResult = { readonly png: Uint8Array<ArrayBuffer> } | { readonly problem: string };

/** What the thread says of a picture it was sent; after its header it goes on when it is sent something. */
export type HeicReply = HeicResult | { readonly header: PictureHeader };

const program = programBeside(import.meta.url, 'heic-program');
/** Milliseconds that the thread waits for another picture of a folder. */
const idle = 5_000;

/** A large photograph takes hundreds of megabytes while it is decoded. */
const turns = new Turns(1);
let thread: Worker | undefined;
let stay: () => void = () => {};

/**
 * As `heicAsPng()`, in another thread.
 *
 * @throws Error where the bytes are cut, damaged or coded otherwise, or need more memory than there is
 */
export async function heicAsPngInThread(
  bytes: Uint8Array,
  accept: (header: PictureHeader) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const reply = await turns.take(async () => {
    stay();
    thread ??= startThread(program);
    const asked = thread;
    asked.ref();
    try {
      return await answered(asked, bytes, accept);
    } catch (error) {
      // It may be waiting, or not be there any more.
      await end(asked);
      throw error;
    } finally {
      // No reason for a program to go on.
      asked.unref();
      stay = later(idle, () => void end(asked));
    }
  });
  if ('problem' in reply) throw new Error(reply.problem);
  return reply.png;
}

/** @throws Error what is wrong with the thread itself, such as no memory; what `accept` throws */
async function answered(
  asked: Worker,
  bytes: Uint8Array,
  accept: (header: PictureHeader) => void,
): Promise<HeicResult> {
  asked.postMessage(bytes);
  for (;;) {
    const [reply]: HeicReply[] = await once(asked, 'message');
    if (reply === undefined) throw new Error('internal: a message is something');
    if (!('header' in reply)) return reply;
    accept(reply.header);
    asked.postMessage('go on');
  }
}

async function end(ended: Worker): Promise<void> {
  if (thread === ended) thread = undefined;
  await ended.terminate();
}
