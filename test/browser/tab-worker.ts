/** @file The worker of a page under test: it calls functions of the package and sends back what they give. */
import {
  type FileSource,
  fileBlob,
  giveFiles,
  lostFiles,
  setUpBrowser,
  storeFiles,
  storeUrl,
} from '../../src/api/browser.ts';
import { generate, inspect, plan, resume, train } from '../../src/index.ts';
import { writeFileAtomic } from '../../src/storage/files/atomic-file.ts';
import { readText } from '../../src/storage/files/text-file.ts';

/** What a page may ask, by name. */
const calls = { train, resume, generate, inspect, plan };

/** What a page sends: a function and its options. */
export interface Asked {
  readonly call: keyof typeof calls;
  readonly options: never;
  /** The event at which it ends, as a tab that is closed does. */
  readonly closeAt?: string;
}

/** Files of the page, and the path that it will name them by. */
interface Brought {
  readonly name: string;
  readonly source: FileSource;
}

/** Files that the page is to keep. */
interface Stored {
  readonly store: string;
  readonly source: FileSource;
}

/** A file of another host that the page is to keep. */
interface Linked {
  readonly url: string;
  readonly path: string;
}

/** A file that is replaced again and again while it is read. */
interface Replaced {
  readonly replace: string;
  readonly times: number;
}

declare const self: DedicatedWorkerGlobalScope;

setUpBrowser({
  packageFiles: (path) => `${location.origin}/package/${path}`,
  runtimeFiles: (name) => `${location.origin}/runtime/${name}`,
  environment: Object.fromEntries(new URLSearchParams(location.search)),
});

self.onmessage = async ({
  data,
}: MessageEvent<
  Asked | Brought | Stored | Linked | Replaced | { readonly read: string } | { readonly lost: true }
>) => {
  try {
    if ('lost' in data) self.postMessage({ result: await lostFiles() });
    else if ('replace' in data) self.postMessage({ result: await readWhileReplaced(data) });
    else if ('read' in data) self.postMessage({ result: await fileBlob(data.read) });
    else if ('url' in data) {
      const onProgress = () => self.postMessage({ event: { type: 'received' } });
      self.postMessage({ result: await storeUrl(data.path, data.url, { onProgress }) });
    } else if ('store' in data) {
      self.postMessage({ result: await storeFiles(data.store, data.source) });
    } else if ('source' in data) {
      self.postMessage({ result: await giveFiles(data.name, data.source) });
    } else {
      const work = calls[data.call](data.options);
      for await (const event of work) {
        self.postMessage({ event });
        if (event.type === data.closeAt) return self.close();
      }
      self.postMessage({ result: await work });
    }
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    self.postMessage({ error: { code, message } });
  }
};

/** Every different number that was read, as often as it is read side by side. */
async function readWhileReplaced({ replace: path, times }: Replaced): Promise<number[]> {
  const found = new Set<number>();
  let isWritten = false;
  // Long, so that there is a middle of reading it.
  const text = (n: number) => String(n).padStart(1_000_000);
  await writeFileAtomic(path, text(0));
  const reading = Array.from({ length: 8 }, async () => {
    while (!isWritten) found.add(Number(await readText(path)));
  });
  for (let n = 1; n <= times; n++) await writeFileAtomic(path, text(n));
  isWritten = true;
  await Promise.all(reading);
  return [...found.add(Number(await readText(path)))];
}
