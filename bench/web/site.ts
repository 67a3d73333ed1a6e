/** @file A first visit to the site: what a host sends, and seconds to what a person sees. */
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { serveSite } from '../../test/site/served-site.ts';
import { launchChromium } from '../../test/studio/browser.ts';

/** Milliseconds that a step or a picture may take to be seen. */
const patience = 240_000;

/** A moment of the visit. */
export interface VisitFigures {
  readonly until: string;
  /** Since the address was opened. */
  readonly seconds: number;
  readonly files: number;
  readonly bytes: number;
  /** The same, each compressed. */
  readonly gzip: number;
}

/** Opens the site in a browser that has seen nothing, and trains the teapot until a first step and a first picture. */
export async function* firstVisit(): AsyncGenerator<VisitFigures> {
  const browser = await launchChromium();
  try {
    await using site = await serveSite();
    const page = await (await browser.newContext()).newPage();
    const sent = watchBytes(page);
    const started = performance.now();
    const moment = (until: string): VisitFigures => {
      return { until, seconds: (performance.now() - started) / 1000, ...sent() };
    };
    await page.goto(site.address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    yield moment('a heading');
    const begin = page.getByRole('button', { name: /^Try it/ });
    await begin.waitFor();
    yield moment('Studio is open');
    await begin.click();
    await page
      .getByText(/\bstep [1-9]\d* of/)
      .first()
      .waitFor({ timeout: patience });
    yield moment('a step is shown');
    await page
      .getByText(/^Step [1-9]/)
      .first()
      .waitFor({ timeout: patience });
    yield moment('a picture of what it has learnt');
  } finally {
    await browser.close();
  }
}

/** What a host sent so far, each file once: the service worker keeps it. */
function watchBytes(page: Page): () => Omit<VisitFigures, 'until' | 'seconds'> {
  const sizes = new Map<string, { readonly bytes: number; readonly gzip: number }>();
  page.context().on('response', async (response) => {
    if (response.fromServiceWorker() || response.status() !== 200) return;
    const body = await response.body().catch(() => undefined);
    if (body !== undefined) {
      sizes.set(response.url(), { bytes: body.length, gzip: gzipSync(body).length });
    }
  });
  return () => {
    const all = [...sizes.values()];
    const sum = (of: 'bytes' | 'gzip') => all.reduce((total, one) => total + one[of], 0);
    return { files: all.length, bytes: sum('bytes'), gzip: sum('gzip') };
  };
}
