/** @file A base by the addresses of its files in a browser's tab: kept, gone on with where it broke off, trained. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pocketFolder } from '../../src/data/pocket.ts';
import { filesOf } from '../hub/fake-hub.ts';
import { chromiumPath, launchChromium } from '../studio/browser.ts';
import { type Served, servePage, Tab } from './tab.ts';

const pocket = filesOf(pocketFolder());
const weights = 'unet/diffusion_pytorch_model.safetensors';
/** Bytes after which the host breaks off once, far beyond what a browser holds back, and drops then. */
const cutAfter = 10_000_000;

describe.skipIf(chromiumPath === undefined)('a base by its addresses in a tab', () => {
  let browser: Browser;
  let served: Served;
  let host: Server;
  let address = '';
  /** Ranges that were asked for, by path; undefined of a whole file. */
  const asked: [path: string, range: string | undefined][] = [];
  let etag = '"1"';
  let isCut = false;

  beforeAll(async () => {
    browser = await launchChromium();
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
      if (path !== weights || isCut) return void response.end(file.subarray(from));
      isCut = true;
      // In order, so that what was sent arrives.
      response.write(file.subarray(0, cutAfter), () => response.socket?.end());
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

  test('is fetched where it broke off, kept, and trained as the bundled one', async () => {
    await using tab = await Tab.open(browser, served);
    const link = (path: string) => tab.link(`/models/mine/${path}`, address + path);
    const { error } = await link(weights);
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
    isCut = false;
    etag = '"2"';
    await tab.link('/models/other.safetensors', address + weights);
    etag = '"3"';
    asked.length = 0;
    await tab.link('/models/other.safetensors', address + weights);
    expect(asked.map(([, range]) => range)).toEqual([expect.stringMatching(/^bytes=/), undefined]);
    // It is whole: nothing more is asked for.
    await tab.link('/models/other.safetensors', address + weights);
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
