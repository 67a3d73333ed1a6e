/** @file The table of attacks on a server of one's own machine, by raw socket, with the answer that each gets. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rawRequest } from './raw-request.ts';
import { startStudio, type TestStudio } from './studio-server.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await startStudio();
});
afterAll(async () => {
  expect(studio.log).toEqual([]);
  await studio[Symbol.asyncDispose]();
});

interface Attack {
  readonly request?: string;
  readonly host?: string;
  /** Without those of a page of ours. */
  readonly headers?: readonly string[];
  readonly withCookie?: boolean;
  readonly body?: string;
}

function send({ request, host, headers = [], withCookie = true, body = '' }: Attack) {
  const { port, cookie } = studio;
  const lines = [
    `${request ?? 'GET /api/session.get'} HTTP/1.1`,
    `Host: ${host ?? `127.0.0.1:${port}`}`,
    ...(withCookie ? [`Cookie: ${cookie}`] : []),
    ...headers.map((line) => line.replaceAll('PORT', String(port))),
    ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  return rawRequest(port, lines, body);
}

const change = 'POST /api/preferences.set';
const json = 'Content-Type: application/json';
const own = 'X-Krona: 1';

test.each<[string, number, Attack]>([
  ['a name that was made to mean this machine', 403, { host: 'evil.example:7865' }],
  ['the same for the page itself', 403, { request: 'GET /', host: 'evil.example' }],
  ['another port in the name', 403, { host: '127.0.0.1:1' }],
  ['every address of the machine', 403, { host: '0.0.0.0:7865' }],
  ['another site', 403, { headers: ['Origin: https://evil.example'] }],
  ['another server of this machine', 403, { headers: ['Origin: http://127.0.0.1:1'] }],
  ['a sandboxed page', 403, { headers: ['Origin: null'] }],
  ['the other name of this machine', 403, { headers: ['Origin: http://localhost:PORT'] }],
  [
    "another site's picture",
    403,
    { headers: ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: image'] },
  ],
  [
    'a server of the same site, at another port',
    403,
    { headers: ['Sec-Fetch-Site: same-site', 'Sec-Fetch-Mode: cors'] },
  ],
  [
    'a link of another site into data',
    403,
    {
      headers: [
        'Sec-Fetch-Site: cross-site',
        'Sec-Fetch-Mode: navigate',
        'Sec-Fetch-Dest: document',
      ],
    },
  ],
  [
    'the page in a frame of another site',
    403,
    {
      request: 'GET /',
      headers: ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe'],
    },
  ],
  ['nobody', 401, { withCookie: false }],
  ['a guessed cookie', 401, { withCookie: false, headers: ['Cookie: krona_PORT=0'] }],
  ["another port's cookie", 401, { withCookie: false, headers: ['Cookie: krona_1=0'] }],
  ['nobody, for events', 401, { request: 'GET /api/events', withCookie: false }],
  ['nobody, for pictures', 401, { request: 'GET /pictures/x', withCookie: false }],
  ['a form', 403, { request: change, headers: [json], body: '{"theme":"dark"}' }],
  [
    'a form of plain text',
    415,
    { request: change, headers: [own, 'Content-Type: text/plain'], body: '{"theme":"dark"}' },
  ],
  ['a change by GET', 405, { request: 'GET /api/preferences.set?input=%7B%7D' }],
  ['a question before a change', 405, { request: 'OPTIONS /api/preferences.set' }],
  ['another method', 405, { request: 'DELETE /api/runs.list', headers: [own] }],
  ['tracing', 405, { request: 'TRACE /', headers: [own] }],
  ['a way out of the page', 404, { request: 'GET /assets/../../studio.json' }],
  ['the same in other letters', 404, { request: 'GET /%2e%2e/%2e%2e/etc/passwd.json' }],
  ['the same by backslashes', 400, { request: 'GET /..\\..\\studio.json' }],
  ['an operation of every object', 404, { request: 'GET /api/constructor' }],
  ['a wrong code', 401, openingWith('{"code":"x"}')],
  ['no code', 401, openingWith('{}')],
  ['a password where there is none', 401, openingWith('{"password":""}')],
  ['something else', 401, openingWith('[1')],
  ['more than a code', 413, openingWith(`{"code":"${'x'.repeat(5000)}"}`)],
])('%s gets %i', async (_, status, attack) => {
  const answer = await send(attack);
  expect(answer.status).toBe(status);
  expect(Object.keys(answer.headers).filter((name) => /^access-control/.test(name))).toEqual([]);
  expect(answer.headers['set-cookie']).toBeUndefined();
});

function openingWith(body: string): Attack {
  return { request: 'POST /api/login', headers: [json, own], withCookie: false, body };
}

describe('what is right', () => {
  test.each<[string, Attack]>([
    ['the page', { request: 'GET /' }],
    ['an address of the page', { request: 'GET /runs/dog', withCookie: false }],
    ['a file of the page', { request: 'GET /assets/page-1a2b.js', withCookie: false }],
    [
      'a link of another site to the page',
      {
        request: 'GET /',
        headers: [
          'Sec-Fetch-Site: cross-site',
          'Sec-Fetch-Mode: navigate',
          'Sec-Fetch-Dest: document',
        ],
      },
    ],
    ['a look', { headers: ['Sec-Fetch-Site: same-origin', 'Origin: http://127.0.0.1:PORT'] }],
    [
      'a change',
      {
        request: change,
        headers: [json, own, 'Origin: http://127.0.0.1:PORT'],
        body: '{"theme":"dark"}',
      },
    ],
  ])('%s gets 200', async (_, attack) => {
    expect((await send(attack)).status).toBe(200);
  });

  test('every answer says what a browser may do with it', async () => {
    for (const request of ['GET /', 'GET /api/session.get', 'GET /api/nothing', 'GET /x.exe']) {
      const { headers } = await send({ request });
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });
});

test('a code opens one browser, the next one another', async () => {
  const addresses: string[] = [];
  await using first = await startStudio({ onAddress: (address) => addresses.push(address) });
  const open = (address: string) => {
    const code = address.split('#code=')[1];
    return first.fetch('/api/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: '' },
      body: JSON.stringify({ code }),
    });
  };
  expect((await open(first.openAddress)).status).toBe(401);
  const second = await open(addresses[0] ?? '');
  expect(second.status).toBe(200);
  expect(second.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
});

test('a browser stays known when the server is started again, to that work folder alone', async () => {
  const first = await startStudio({ keepWork: true });
  await first[Symbol.asyncDispose]();
  const { cookie, work, port } = first;
  const knows = async (studio: TestStudio) =>
    (await studio.fetch('/api/session.get', { headers: { cookie } })).status;
  {
    await using again = await startStudio({ work, port });
    expect(await knows(again)).toBe(200);
  }
  await using other = await startStudio({ port });
  expect(await knows(other)).toBe(401);
});

test('other machines reach it only with a password', async () => {
  await expect(startStudio({ hostname: '0.0.0.0' })).rejects.toMatchObject({
    code: 'PASSWORD_NEEDED',
  });
});
