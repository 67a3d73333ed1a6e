/** @file A server of Studio for tests: a work folder of its own, a port that is free, a browser's cookie. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { trainLine } from '../../src/cli/commands/train/train-line.ts';
import { flagOf } from '../../src/cli/flags/fields.ts';
import type { InputOf, OperationName, OutputOf } from '../../src/studio/interface/studio.ts';
import { startCommands } from '../../src/studio/processes/detached-command.ts';
import type * as Server from '../../src/studio/server/serve-studio.ts';
import type { StudioHost } from '../../src/studio/work/studio-host.ts';
import { compiledPath } from '../programs/compiled.ts';

export interface TestStudio extends AsyncDisposable {
  readonly work: string;
  readonly port: number;
  readonly address: string;
  readonly openAddress: string;
  readonly cookie: string;
  /** What the server wrote for people: nothing, unless something unexpected went wrong. */
  readonly log: readonly string[];
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>;
  /** As the page asks. */
  readonly ask: <Name extends OperationName>(
    name: Name,
    input: InputOf<Name>,
  ) => Promise<OutputOf<Name>>;
}

// Compiled, so that the processes that it starts need no loader.
const { serveStudio }: typeof Server = await import(
  compiledPath('src/studio/server/serve-studio.ts')
);

/** Starts the command, as the built package starts itself. */
export const program = [process.execPath, compiledPath('bin/krona.js')];

export async function startStudio(
  options: Partial<Server.ServeOptions> & { readonly keepWork?: boolean } = {},
): Promise<TestStudio> {
  const work = options.work ?? mkdtempSync(join(tmpdir(), 'krona-studio-'));
  const page = await testPage(work);
  const log: string[] = [];
  // What it keeps of pictures goes with them.
  const environment = { ...process.env, KRONA_CACHE: join(work, '.cache') };
  const host: StudioHost = {
    now: () => Date.now(),
    log: (text) => log.push(text),
    environment,
    startWork: startCommands({ program, environment, log: (text) => log.push(text) }),
    commands: { train: trainLine, resume: (run) => `krona train --resume ${run}`, flagOf },
    // Tests side by side are not in each other's way.
    lanes: work,
  };
  const server = await serveStudio({ page, ...options, work, port: options.port ?? 0 }, host);
  const code = server.openAddress.split('#code=')[1] ?? '';
  const cookie = await openBrowser(server.address, code);
  const send = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, server.address), {
      ...init,
      headers: { cookie, 'x-krona': '1', ...init.headers },
    });
  const studio: TestStudio = {
    ...{ work, log, cookie, fetch: send },
    port: server.port,
    address: server.address,
    openAddress: server.openAddress,
    ask: async (name, input) => {
      const answer = await send(`/api/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      });
      const value: unknown = await answer.json();
      // What the server answers is what the type of its operation says.
      if (answer.ok) return value as OutputOf<typeof name>;
      const { error } = value as { readonly error: { readonly code: string; message: string } };
      throw Object.assign(new Error(error.message), { code: error.code });
    },
    [Symbol.asyncDispose]: async () => {
      if (!options.keepWork) await endWork(studio);
      await server[Symbol.asyncDispose]();
      if (!options.keepWork) rmSync(work, { recursive: true, force: true });
    },
  };
  return studio;
}

/** Ends what goes on without a server: nothing writes into the work folder after it, which can be removed then. */
export async function endWork({ ask }: TestStudio): Promise<void> {
  const isOver = async () => {
    const jobs = await ask('jobs.list', {});
    for (const { id, run, state } of jobs) {
      const ending =
        state === 'running' && run !== undefined
          ? ask('runs.stop', { id: run })
          : ask('jobs.remove', { id });
      // It may have ended or begun by now: the next look tells.
      await ending.catch(() => {});
    }
    return jobs.length === 0;
  };
  while (!(await isOver())) await sleep(50);
}

/** Brings the code; returns the cookie. */
async function openBrowser(address: string, code: string): Promise<string> {
  const answer = await fetch(new URL('/api/login', address), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-krona': '1' },
    body: JSON.stringify({ code }),
  });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** A page of two files, as the build would leave it. */
async function testPage(work: string): Promise<string> {
  const page = join(work, '.page');
  await mkdir(join(page, 'assets'), { recursive: true });
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>Studio</title>');
  writeFileSync(join(page, 'assets', 'page-1a2b.js'), 'export {};');
  return page;
}
