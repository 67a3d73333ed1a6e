/** @file A base by the addresses of its files in a browser's tab: kept, gone on with where it broke off, trained. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pocketFolder } from '../../src/data/pocket.ts';
import { filesOf } from '../hub/fake-hub.ts';
import { chromiumPath, launchForShortWork } from '../studio/browser.ts';
import { type Served, servePage, Tab } from './tab.ts';

const pocket = filesOf(pocketFolder());
const weights = 'unet/diffusion_pytorch_model.safetensors';
/** Bytes after which the host waits, to break off then: far beyond what a browser holds back, and drops. */
const cutAfter = 10_000_000;

describe.skipIf(chromiumPath === undefined)('a base by its addresses in a tab', () => {
  let browser: Browser;
  let served: Served;
  let host: Server;
  let address = '';
  /** Ranges that were asked for, by path; undefined of a whole file. */
  const asked: [path: string, range: string | undefined][] = [];
  let etag = '"1"';
  /** Breaks off what the host has begun to send; undefined where it sends all. */
  let cut: (() => void) | undefined;
  let isWhole = false;

  beforeAll(async () => {
    browser = await launchForShortWork();
    served = await servePage({ isIsolated: true });
    host = createServer(({ url = '', headers }, response) => {
      const path = url.slice(1);
      const file = pocket.get(path);
      asked.push([path, headers.range]);
      response.setHeader('access-control-allow-origin', '*');
      if (file === undefined) return void response.writeHead(404).end();
      const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
      response.writeHead(from > 0 ? 206 : 200, {
        etag,
        'access-control-expose-headers': 'ETag',
        'content-length': file.length - from,
      });
      if (path !== weights || isWhole) return void response.end(file.subarray(from));
      cut = () => response.destroy();
      response.write(file.subarray(0, cutAfter));
    });
    host.listen(0, '127.0.0.1');
    await new Promise((resolve) => host.once('listening', resolve));
    address = `http://127.0.0.1:${(host.address() as AddressInfo).port}/`;
  });
  afterAll(async () => {
    await browser?.close();
    await served?.[Symbol.asyncDispose]();
    host?.closeAllConnections();
    host?.close();
  });

  /** Lets the tab have a part of the weights, and breaks off. */
  async function brokenOff(tab: Tab, folder: string) {
    isWhole = false;
    const link = tab.link(folder + weights, address + weights);
    await expect.poll(() => tab.events()).toContain('received');
    isWhole = true;
    cut?.();
    return await link;
  }

  test('is fetched where it broke off, kept, and trained as the bundled one', async () => {
    await using tab = await Tab.open(browser, served);
    const link = (path: string) => tab.link(`/models/mine/${path}`, address + path);
    const { error } = await brokenOff(tab, '/models/mine/');
    expect(error).toMatchObject({
      code: 'URL_FAILED',
      message: expect.stringMatching(/the connection broke after [1-9]\d* bytes, which are kept/),
    });
    for (const path of pocket.keys()) expect((await link(path)).error).toBeUndefined();
    const ranges = () => asked.filter(([path]) => path === weights).map(([, range]) => range);
    expect(ranges()).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    // What is kept is not asked for again.
    await link(weights);
    expect(ranges()).toHaveLength(2);
    const settings = {
      ...{ images: 'pocket/teapot', subject: 'sks teapot', adapter: 'lora' },
      ...{ steps: 1, batchSize: 1, resolution: 32 },
    };
    const lossOf = async (base: string, out: string) => {
      const { events } = await tab.ask('train', { ...settings, base, out });
      return events.find(({ type }) => type === 'step')?.loss;
    };
    const expected = await lossOf('pocket', '/runs/bundled');
    expect(expected).toBeGreaterThan(0);
    expect(await lossOf('/models/mine', '/runs/mine')).toBe(expected);
  });

  test('begins anew where the host has another one by now', async () => {
    await using tab = await Tab.open(browser, served);
    etag = '"2"';
    await brokenOff(tab, '/models/other/');
    etag = '"3"';
    asked.length = 0;
    await tab.link(`/models/other/${weights}`, address + weights);
    expect(asked.map(([, range]) => range)).toEqual([expect.stringMatching(/^bytes=/), undefined]);
    // It is whole: nothing more is asked for.
    await tab.link(`/models/other/${weights}`, address + weights);
    expect(asked).toHaveLength(2);
  });

  test('that is not there, or that no page may read, says so', async () => {
    await using tab = await Tab.open(browser, served);
    const missing = await tab.link('/models/a', `${address}nothing`);
    expect(missing.error?.message).toContain('its host answers 404');
    const closed = await tab.link('/models/a', served.address.replace('127.0.0.1', 'localhost'));
    expect(closed.error?.message).toContain('lets no page of another site read it');
  });
});
