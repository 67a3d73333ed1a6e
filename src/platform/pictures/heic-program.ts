/** @file The thread that decodes HEIC pictures, one after the other. */
import { once } from 'node:events';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { heicAsPng } from './heic.ts';
import type { HeicReply } from './heic-thread.ts';

async function answer(port: MessagePort): Promise<void> {
  const say = (reply: HeicReply, transferred: ArrayBuffer[] = []) =>
    port.postMessage(reply, transferred);
  for (;;) {
    const [bytes]: Uint8Array[] = await once(port, 'message');
    if (bytes === undefined) throw new Error('internal: a picture is bytes');
    try {
      const png = await heicAsPng(bytes, async (header) => {
        say({ header });
        await once(port, 'message');
      });
      say({ png }, [png.buffer]);
    } catch (error) {
      say({ problem: error instanceof Error ? error.message : String(error) });
    }
  }
}

if (parentPort === null) throw new Error('internal: this program is a thread of another');
void answer(parentPort);
