/** @file What the page says when everything else is killed: the server in the middle of a queue, then a training. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compiledPath } from '../programs/compiled.ts';
import {
  appearances,
  builtPage,
  chromiumPath,
  launchChromium,
  openedBy,
  openWatched,
} from './browser.ts';

const steps = 12;
const settings = { subject: 'sks teapot', steps, seed: 1, batchSize: 1, checkpointEvery: 4 };

describe.skipIf(chromiumPath === undefined)('killed in the middle', () => {
  const work = mkdtempSync(join(tmpdir(), 'krona-studio-'));
  let built: string;
  let server: ChildProcess;
  let port = 0;
  let cookie = '';
  let browser: Browser;
  let page: Page;
  let trainer = 0;

  async function startServer(): Promise<void> {
    server = spawn(
      process.execPath,
      [compiledPath('test/studio/server-program.ts'), built, work, String(port)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = await once(createInterface(server.stdout ?? process.stdin), 'line');
    const said = z.object({ port: z.number(), cookie: z.string() }).parse(JSON.parse(line));
    ({ port, cookie } = said);
  }

  async function kill(): Promise<void> {
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  }

  const address = (path: string) => `http://127.0.0.1:${port}/${path}`;
  const ofRun = (name: string, path: string) => join(work, 'runs', name, path);
  const eventsOf = (name: string) => readFile(ofRun(name, 'events.jsonl'), 'utf8').catch(() => '');
  const row = (text: string | RegExp) =>
    page.getByRole('region', { name: 'Queue' }).getByRole('listitem').filter({ hasText: text });

  beforeAll(async () => {
    built = await builtPage();
    await startServer();
    browser = await launchChromium();
    const options = { ...appearances['light, 1280 pixels wide'], ...openedBy({ cookie }) };
    ({ page } = await openWatched(browser, address('train?dataset=pocket-teapot'), options));
  });
  afterAll(async () => {
    await browser?.close();
    await kill();
    rmSync(work, { recursive: true, force: true });
  });

  test('of two trainings one is at work and one waits', async () => {
    for (const name of ['first', 'second']) {
      const answer = await fetch(address('api/jobs.add'), {
        method: 'POST',
        headers: { cookie, 'x-krona': '1', 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ kind: 'train', dataset: 'pocket-teapot', thenDraw: [], name },
          settings,
        }),
      });
      expect(answer.status).toBe(200);
    }
    await expect
      .poll(() => eventsOf('first'), { interval: 5, timeout: 120_000 })
      .toContain('"checkpoint"');
    trainer = JSON.parse(await readFile(ofRun('first', 'owner.json'), 'utf8')).pid;
    // Held, so that it is in the middle for as long as the rest takes.
    process.kill(trainer, 'SIGSTOP');
    expect(await eventsOf('first')).not.toContain('"finished"');
    await row('training').waitFor();
    await row('waiting').waitFor();
  });

  test('the server killed and started again: the page comes back by itself, with both as they were', async () => {
    await kill();
    const lost = page.getByText(/^Studio does not answer/);
    await lost.waitFor();
    await startServer();
    await lost.waitFor({ state: 'hidden' });
    await row('training').waitFor();
    await row('waiting').waitFor();
    expect(await eventsOf('second')).toBe('');
  });

  test('the training killed: it ended unexpectedly, and the next one has its turn', async () => {
    process.kill(trainer, 'SIGKILL');
    await row('stopped; waits for you').waitFor();
    await row('training').waitFor({ timeout: 60_000 });
    await row('training').waitFor({ state: 'hidden', timeout: 120_000 });
    await row('stopped; waits for you').getByRole('link').click();
    const made = (await eventsOf('first')).match(/"type":"step"/g)?.length ?? 0;
    const status = page.getByRole('region', { name: 'ended unexpectedly' });
    await status.getByText(`step ${made} of ${steps}`).first().waitFor();
    await status.getByText(/^Everything up to step \d+ is kept/).waitFor();
  });

  test('goes on, and ends with the bytes of the undisturbed one', async () => {
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('region', { name: 'finished' }).waitFor({ timeout: 120_000 });
    const [killed, undisturbed] = await Promise.all(
      ['first', 'second'].map((name) => readFile(ofRun(name, 'adapter.safetensors'))),
    );
    expect(killed).toEqual(undisturbed);
    // And not because it began anew.
    const starts = [...(await eventsOf('first')).matchAll(/"fromStep":(\d+)/g)].map(([, n]) => n);
    expect(starts.map(Number)).toEqual([0, expect.toSatisfy((step: number) => step >= 4)]);
  });
});
