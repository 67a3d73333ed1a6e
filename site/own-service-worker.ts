/** @file The page's side of its service worker: registered before anything else, which isolates the page and answers for its files. */
import type { Asked, TabTransport } from './tab-transport.ts';

/** Lies in a folder of the site, whatever address the page is shown at. */
const bundle = import.meta.url;

const reloaded = 'krona reloaded';

/** The service worker could not get what it begins with. */
export class NotInstalled extends Error {
  override readonly name = 'NotInstalled';
}

/**
 * Waits until the service worker answers for the page. The first time it reloads it: only then it is isolated, and may
 * use several threads.
 *
 * @returns path of the site's folder, without a slash at its end; undefined where the browser has no service workers
 * @throws NotInstalled
 */
export async function ownServiceWorker(): Promise<string | undefined> {
  if (!('serviceWorker' in navigator)) return undefined;
  const workers = navigator.serviceWorker;
  const registration = await workers.register(new URL('../service-worker.js', bundle));
  const { waiting, scope } = await Promise.race([workers.ready, notInstalled(registration)]);
  if (workers.controller === null) await anotherController();
  else if (waiting !== null && (await takesOver(waiting))) await loadAgain();
  if (!crossOriginIsolated && sessionStorage.getItem(reloaded) === null) {
    sessionStorage.setItem(reloaded, 'true');
    await loadAgain();
  }
  return new URL(scope).pathname.replace(/\/$/, '');
}

/** @throws NotInstalled once its first service worker has given up: there will be none that is ready */
function notInstalled(registration: ServiceWorkerRegistration): Promise<never> {
  const { installing, active } = registration;
  return new Promise((_, reject) => {
    if (active !== null) return;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'redundant' && registration.active === null) {
        reject(new NotInstalled('its host sends something else than the files of the site'));
      }
    });
  });
}

function anotherController(): Promise<unknown> {
  return new Promise((resolve) =>
    navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
  );
}

/** Whether a newer version of the site answers from now on: not while another tab works with the one that it has. */
async function takesOver(waiting: ServiceWorker): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  const changed = anotherController();
  const isAlone = await new Promise<boolean>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<boolean>) => resolve(data);
    waiting.postMessage('take over', [port2]);
  });
  if (isAlone) await changed;
  return isAlone;
}

/** What comes next is the next page's. */
async function loadAgain(): Promise<never> {
  location.reload();
  return await new Promise(() => {});
}

/** Answers the service worker, which asks for what elements load, and lets it keep the site once the page has time. */
export function serveServiceWorker(transport: TabTransport): void {
  navigator.serviceWorker.addEventListener(
    'message',
    async ({ data, ports: [port] }: MessageEvent<Asked>) => {
      port?.postMessage(await transport.ask(data).catch(() => undefined));
    },
  );
  navigator.serviceWorker.controller?.postMessage('keep');
}
