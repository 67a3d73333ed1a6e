/** @file The page's side of its service worker: registered before anything else, which isolates the page and answers for its files. */
import type { Asked, TabTransport } from './tab-transport.ts';

/** Lies in a folder of the site, whatever address the page is shown at. */
const bundle = import.meta.url;

const reloaded = 'krona reloaded';

/**
 * Waits until the service worker answers for the page. The first time it reloads it: only then it is isolated, and may
 * use several threads.
 *
 * @returns path of the site's folder, without a slash at its end; undefined where the browser has no service workers
 */
export async function ownServiceWorker(): Promise<string | undefined> {
  if (!('serviceWorker' in navigator)) return undefined;
  const workers = navigator.serviceWorker;
  const { scope } = await workers.register(new URL('../service-worker.js', bundle));
  await workers.ready;
  if (workers.controller === null) {
    await new Promise((resolve) =>
      workers.addEventListener('controllerchange', resolve, { once: true }),
    );
  }
  if (!crossOriginIsolated && sessionStorage.getItem(reloaded) === null) {
    sessionStorage.setItem(reloaded, 'true');
    location.reload();
    // What comes next is the next page's.
    await new Promise(() => {});
  }
  return new URL(scope).pathname.replace(/\/$/, '');
}

/** Answers the service worker, which asks for what elements load, and lets it keep the site once the page has time. */
export function serveServiceWorker(transport: TabTransport): void {
  navigator.serviceWorker.addEventListener(
    'message',
    async ({ data, ports: [port] }: MessageEvent<Asked>) => {
      port?.postMessage(await transport.ask(data));
    },
  );
  navigator.serviceWorker.controller?.postMessage('keep');
}
