/** @file Pages of other origins in a browser that is logged in: whatever they try, Studio refuses, and nothing changes. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launchChromium, openedBy } from './browser.ts';
import { startStudio, type TestStudio } from './studio-server.ts';

interface Attack {
  /** Its script; `studio` is the address of Studio. What it could do, or null. */
  readonly script: string;
  /** What Studio answered, in the order of its paths. */
  readonly answers: readonly string[];
}

const change = 'api/preferences.set';
const body = `JSON.stringify({ theme: 'dark' })`;

/** Adds an element, and says what came of it. */
const element = (name: string, attributes: string) => `new Promise((done) => {
  const added = Object.assign(document.createElement('${name}'), { ${attributes} });
  added.onload = () => done('loaded');
  added.onerror = () => done(null);
  document.body.append(added);
})`;

/** Each into a frame of its own: one that still shows an answer to another need not send. */
const form = (enctype: string) => `(() => {
  const frame = Object.assign(document.createElement('iframe'), { name: 'of-${enctype}' });
  const sent = Object.assign(document.createElement('form'), {
    action: studio + '${change}', method: 'post', enctype: '${enctype}', target: 'of-${enctype}',
  });
  sent.append(Object.assign(document.createElement('input'), { name: '{"theme":"dark","x":"', value: '"}' }));
  document.body.append(frame, sent);
  sent.submit();
  return null;
})()`;

const asked = (path: string, options: string) =>
  `fetch(studio + '${path}', ${options}).then((answer) => answer.text()).then((text) => text || null, () => null)`;

/** A window can be opened; it is out of reach of who opened it, for whom it is closed. */
const opened = (path: string) => `(async () => {
  const other = window.open(studio + '${path}');
  while (!other.closed) {
    try { if (other.document.title !== '') return other.document.title; } catch {}
    await new Promise((done) => setTimeout(done, 10));
  }
  return null;
})()`;

const attacks: Readonly<Record<string, Attack>> = {
  'fetch of data': {
    script: asked('api/session.get', `{ credentials: 'include' }`),
    answers: ['GET /api/session.get 403'],
  },
  'fetch of data, no-cors': {
    script: asked('api/session.get', `{ credentials: 'include', mode: 'no-cors' }`),
    answers: ['GET /api/session.get 403'],
  },
  'fetch with our header, which has to ask first': {
    script: asked('api/session.get', `{ credentials: 'include', headers: { 'X-Krona': '1' } }`),
    answers: ['OPTIONS /api/session.get 403'],
  },
  'a picture': {
    script: element('img', `src: studio + 'pictures/drawn~~x.png'`),
    answers: ['GET /pictures/drawn~~x.png 403'],
  },
  'a script': {
    script: element('script', `src: studio + 'api/session.get'`),
    answers: ['GET /api/session.get 403'],
  },
  'a script of the page': {
    script: element('script', `src: studio + 'assets/page-1a2b.js'`),
    answers: ['GET /assets/page-1a2b.js 403'],
  },
  'a style': {
    script: element('link', `rel: 'stylesheet', href: studio + 'api/session.get'`),
    answers: ['GET /api/session.get 403'],
  },
  'an EventSource': {
    script: `new Promise((done) => {
      const source = new EventSource(studio + 'api/events', { withCredentials: true });
      source.onmessage = () => done('heard');
      source.onerror = () => { source.close(); done(null); };
    })`,
    answers: ['GET /api/events 403'],
  },
  'a WebSocket': {
    script: `new Promise((done) => {
      const socket = new WebSocket(studio.replace('http', 'ws') + 'api/events');
      socket.onopen = () => done('open');
      socket.onerror = () => done(null);
    })`,
    answers: ['GET /api/events 403'],
  },
  'the page in a frame': {
    script: `new Promise((done) => {
      const frame = Object.assign(document.createElement('iframe'), { src: studio });
      frame.onload = () => {
        try { done(frame.contentDocument && frame.contentDocument.title || null); } catch { done(null); }
      };
      document.body.append(frame);
    })`,
    answers: ['GET / 403'],
  },
  'data in a window': {
    script: opened('api/session.get'),
    answers: ['GET /api/session.get 403'],
  },
  // A link to the page is no attack.
  'the page in a window': { script: opened(''), answers: ['GET / 200'] },
  'a form': {
    script: form('application/x-www-form-urlencoded'),
    answers: [`POST /${change} 403`],
  },
  'a form of plain text that is JSON': {
    script: form('text/plain'),
    answers: [`POST /${change} 403`],
  },
  'a change, no-cors': {
    script: asked(
      change,
      `{ method: 'POST', credentials: 'include', mode: 'no-cors', body: ${body} }`,
    ),
    answers: [`POST /${change} 403`],
  },
  'a change as our page makes it, which has to ask first': {
    script: asked(
      change,
      `{ method: 'POST', credentials: 'include', body: ${body}, headers: { 'X-Krona': '1', 'Content-Type': 'application/json' } }`,
    ),
    answers: [`OPTIONS /${change} 403`],
  },
  'a beacon': {
    script: `(navigator.sendBeacon(studio + '${change}', ${body}), null)`,
    answers: [`POST /${change} 403`],
  },
  'an upload': {
    script: asked('api/uploads/x.png', `{ method: 'PUT', credentials: 'include', body: 'x' }`),
    answers: ['OPTIONS /api/uploads/x.png 403'],
  },
};

describe.skipIf(chromiumPath === undefined)('a second origin', () => {
  let studio: TestStudio;
  let others: Server;
  let browser: Browser;
  let context: BrowserContext;
  /** What Studio answered to anybody. */
  let answers: string[] = [];

  const note = (message: unknown) => {
    const { request, response } = message as {
      readonly request: IncomingMessage;
      readonly response: ServerResponse;
    };
    if (request.socket.localPort !== studio.port || request.url === '/favicon.ico') return;
    answers.push(`${request.method} ${request.url} ${response.statusCode}`);
  };

  beforeAll(async () => {
    studio = await startStudio();
    others = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>Another page</title><body>');
    });
    others.listen(0);
    await once(others, 'listening');
    // A name of somebody else, made to mean this machine.
    browser = await launchChromium('--host-resolver-rules=MAP *.example 127.0.0.1');
    context = await browser.newContext(openedBy(studio));
    subscribe('http.server.response.finish', note);
  });
  afterAll(async () => {
    unsubscribe('http.server.response.finish', note);
    expect(studio.log).toEqual([]);
    await browser?.close();
    others.close();
    await studio[Symbol.asyncDispose]();
  });

  const open = async (address: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(address.replace('OTHER', `${(others.address() as AddressInfo).port}`));
    return page;
  };
  const run = (page: Page, script: string) =>
    page.evaluate(`(async (studio) => await ${script})(${JSON.stringify(studio.address)})`);

  test('the browser is logged in: the page itself asks, and is answered', async () => {
    const page = await open(studio.address);
    expect(await run(page, asked('api/session.get', '{}'))).toContain('"theme"');
    await page.close();
  });

  // The first two are of the same site as Studio: the browser sends the cookie along.
  test.each(['http://127.0.0.1:OTHER/', 'http://localhost:OTHER/', 'http://evil.example:OTHER/'])(
    '%s tries all it can',
    async (place) => {
      const page = await open(place);
      for (const [name, attack] of Object.entries(attacks)) {
        answers = [];
        expect([name, await run(page, attack.script)]).toEqual([name, null]);
        await expect.poll(() => [name, answers], { interval: 10 }).toEqual([name, attack.answers]);
      }
      for (const each of context.pages()) await each.close();
    },
  );

  test('a sandboxed frame, whose origin is called null', async () => {
    const page = await open('http://127.0.0.1:OTHER/');
    answers = [];
    await page.evaluate(`document.body.append(Object.assign(document.createElement('iframe'), {
      sandbox: 'allow-scripts',
      srcdoc: '<script>fetch("${studio.address}api/session.get", { credentials: "include" })</script>',
    }))`);
    await expect.poll(() => answers).toEqual(['GET /api/session.get 403']);
    await page.close();
  });

  test('a name that was made to mean this machine, at our own port', async () => {
    answers = [];
    const page = await open(`http://evil.example:${studio.port}/`);
    expect(answers).toEqual(['GET / 403']);
    // What came is of that origin, which may ask it anything: for all of it the name is wrong.
    expect(await page.evaluate(`fetch('/api/session.get').then(({ status }) => status)`)).toBe(403);
    expect(
      await page.evaluate(
        `fetch('/${change}', { method: 'POST', body: ${body}, headers: { 'X-Krona': '1', 'Content-Type': 'application/json' } }).then(({ status }) => status)`,
      ),
    ).toBe(403);
    await page.close();
  });

  test('the other name of this machine: a page there is nobody, and asks nobody else', async () => {
    const page = await open(`http://localhost:${studio.port}/`);
    answers = [];
    expect(await page.evaluate(`fetch('/api/session.get').then(({ status }) => status)`)).toBe(401);
    // Its own policy lets it ask nobody else.
    expect(await run(page, asked('api/session.get', `{ credentials: 'include' }`))).toBeNull();
    expect(answers).toEqual(['GET /api/session.get 401']);
    await page.close();
  });

  test('nothing changed', async () => {
    expect((await studio.ask('session.get', {})).preferences.theme).toBe('system');
    expect(await studio.ask('jobs.list', {})).toEqual([]);
  });
});
