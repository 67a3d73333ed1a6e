/** @file Real servers of queues, started for a test where their programs are installed, gone after it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface TestServer {
  readonly url: string;
  /** Stops it, keeping what it has on disk, if anything. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes what it has. */
  remove(): Promise<void>;
}

export interface TestBackend {
  readonly name: string;
  /** Says what to install; empty where all is there. */
  readonly lack: string;
  create(): Promise<TestServer>;
}

/** Milliseconds that a server may take to start. */
const patience = 60_000;

function programIn(folders: readonly string[], name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

const path = (process.env.PATH ?? '').split(delimiter);
const redisServer = programIn(path, 'redis-server');

/** Debian keeps the programs of a PostgreSQL server out of the path, by version. */
const postgresFolders = existsSync('/usr/lib/postgresql')
  ? readdirSync('/usr/lib/postgresql')
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => `/usr/lib/postgresql/${version}/bin`)
  : [];
const postgresServer = programIn([...path, ...postgresFolders], 'postgres');
const initDatabase = programIn([...path, ...postgresFolders], 'initdb');

const toInstall = (found: boolean, debianPackage: string): string =>
  found ? '' : ` (skipped: install the Debian package ${debianPackage} to run it)`;

export const redis: TestBackend = {
  name: 'Redis',
  lack: toInstall(redisServer !== undefined, 'redis-server'),
  create: startRedis,
};
export const postgresql: TestBackend = {
  name: 'PostgreSQL',
  lack: toInstall(postgresServer !== undefined && initDatabase !== undefined, 'postgresql'),
  create: startPostgres,
};
export const backends: readonly TestBackend[] = [redis, postgresql];

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

async function startRedis(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'krona-redis-'));
  const port = await freePort();
  const options = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1', '--dir', folder];
  return await running(folder, `redis://127.0.0.1:${port}`, () =>
    spawn(redisServer ?? '', ['--port', String(port), ...options]),
  );
}

async function startPostgres(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'krona-postgres-'));
  const port = await freePort();
  const user = unprivileged();
  if (user.uid !== undefined && user.gid !== undefined) await chown(folder, user.uid, user.gid);
  execFileSync(
    initDatabase ?? '',
    ['-D', folder, '-U', 'krona', '--auth=trust', '--no-sync', '--encoding=UTF8'],
    { ...user, cwd: folder, stdio: 'pipe' },
  );
  const settings = ['fsync=off', 'unix_socket_directories='].flatMap((setting) => ['-c', setting]);
  return await running(folder, `postgres://krona@127.0.0.1:${port}/postgres`, () =>
    spawn(
      postgresServer ?? '',
      ['-D', folder, '-h', '127.0.0.1', '-p', String(port), ...settings],
      { ...user, cwd: folder },
    ),
  );
}

/** PostgreSQL refuses to run as root; its package has made a user for it. */
function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (kind: string) =>
    Number(execFileSync('id', [kind, 'postgres'], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}

async function running(
  folder: string,
  url: string,
  launch: () => ChildProcess,
): Promise<TestServer> {
  let child: ChildProcess | undefined;
  // A test run that is killed leaves no server behind.
  process.once('exit', () => child?.kill('SIGKILL'));
  const server: TestServer = {
    url,
    async start() {
      child = launch();
      await readiness(child);
    },
    async stop() {
      if (child?.exitCode !== null) return;
      const ended = new Promise((resolve) => child?.once('exit', resolve));
      // For PostgreSQL: at once, without waiting for clients.
      child.kill('SIGINT');
      await ended;
    },
    async remove() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** Both say in their log that they are "ready to accept connections". */
async function readiness(child: ChildProcess): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`${reason}\n${log}`));
    const timer = setTimeout(() => fail('the server did not start in time'), patience);
    const read = (chunk: Buffer) => {
      log += chunk.toString();
      if (!/ready to accept connections/i.test(log)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`the server ended with ${code}`));
  });
}
