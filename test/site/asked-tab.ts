/** @file What a tab of the site keeps, asked for as its service worker asks. */
import type { Page } from 'playwright-core';
import type { InputOf, OperationName, OutputOf } from '../../src/studio/interface/studio.ts';

/** Asks the Studio of a tab. @throws what it refuses, as it says it */
export async function askTab<Name extends OperationName>(
  page: Page,
  name: Name,
  input: InputOf<Name>,
): Promise<OutputOf<Name>> {
  const asked = {
    ...{ type: 'request', method: 'POST', address: `/api/${name}`, body: JSON.stringify(input) },
    headers: [['content-type', 'application/json']],
  };
  const { status, text } = await page.evaluate<{ status: number; text: string }>(`
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = async ({ data: { status, body } }) =>
        resolve({ status, text: await body.text() });
      const message = { data: ${JSON.stringify(asked)}, ports: [port2] };
      navigator.serviceWorker.dispatchEvent(new MessageEvent('message', message));
    })`);
  if (status !== 200) throw new Error(`${name}: ${status} ${text}`);
  return JSON.parse(text);
}

/** What an element of the page would load. @param path from the folder of the site */
export async function loadInTab(page: Page, path: string): Promise<Uint8Array> {
  const bytes = await page.evaluate<number[]>(`
    fetch(new URL(${JSON.stringify(path)}, document.querySelector('script[type=module]').src + '/../../'))
      .then(async (response) => {
        if (!response.ok) throw new Error(response.status + ' ' + (await response.text()));
        return [...new Uint8Array(await response.arrayBuffer())];
      })`);
  return Uint8Array.from(bytes);
}

/** Milliseconds between two looks at what is kept, in which something is kept while there is more. */
const betweenLooks = 500;

/** Waits until the browser keeps all of the site. */
export async function untilKept(page: Page): Promise<void> {
  const kept = async () =>
    await page.evaluate<number>(`caches.keys()
      .then((names) => Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length)))
      .then((counts) => Math.max(0, ...counts))`);
  for (let before = -1, now = await kept(); now !== before || now < 60; now = await kept()) {
    before = now;
    await page.waitForTimeout(betweenLooks);
  }
}
