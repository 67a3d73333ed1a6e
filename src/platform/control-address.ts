/** @file An address of this machine that one process holds: a lock that dies with it, and the way to speak to it. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { SystemError } from '../base/errors.ts';
import type { Answer, HeldAddress } from './address.ts';
import { realpath, unlink } from './files.ts';
import { createHash, randomHex } from './hashes.ts';
import { operatingSystem, tmpdir } from './machine.ts';
import { join } from './paths.ts';
import { sleep } from './waiting.ts';

export type { Answer, HeldAddress } from './address.ts';

/** Characters of a request or an answer. */
const longestLine = 65536;
/** Milliseconds within which a request has to be there. */
const patience = 10_000;
/** Milliseconds before each of the two looks at who holds an address that somebody else may have found left behind. */
const settling = 250;
const staleAttempts = 3;

/**
 * The address that stands for a name on this machine: on Linux of the abstract kind, which leaves no file and does not
 * depend on the environment; elsewhere a socket among the temporary files, or a named pipe of Windows.
 */
export function controlAddress(name: string): string {
  const id = `krona-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  if (operatingSystem === 'win32') return `\\\\.\\pipe\\${id}`;
  // As other programs write it: the first byte is a zero.
  if (operatingSystem === 'linux') return `@${id}`;
  return join(tmpdir(), `${id}.sock`);
}

/** The address of who works in a folder: one, by whatever path the folder is reached. */
export async function addressOfFolder(folder: string): Promise<string> {
  return controlAddress(await realpath(folder));
}

/**
 * Takes an address; undefined where another process, or another part of this one, holds it.
 *
 * @throws SystemError CONTROL_ADDRESS where the system does not let this process listen
 */
export async function holdAddress(
  address: string,
  answer: Answer,
): Promise<HeldAddress | undefined> {
  const nonce = randomHex(16);
  for (let attempt = 0; attempt < staleAttempts; attempt++) {
    const close = await listening(address, async (request) =>
      request === whoAreYou ? nonce : await answer(request),
    );
    if (close !== undefined) {
      if (!endsWithProcess(address) && !(await isStillOurs(address, nonce))) return undefined;
      return { address, [Symbol.asyncDispose]: close };
    }
    if (endsWithProcess(address) || (await isHeld(address))) return undefined;
    // A socket whose process is gone: who removes it last holds the address.
    await unlink(address).catch(() => {});
  }
  return undefined;
}

/** Whether some process holds an address. */
export async function isHeld(address: string): Promise<boolean> {
  const socket = await connected(address);
  socket?.destroy();
  return socket !== undefined;
}

/**
 * What the process that holds an address answers; undefined where nobody does.
 *
 * @throws SystemError CONTROL_SILENT where it does not answer in time: it may be computing
 */
export async function askAddress(address: string, request: unknown): Promise<unknown> {
  const socket = await connected(address);
  if (socket === undefined) return undefined;
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    return JSON.parse(await lineOf(socket));
  } catch (cause) {
    throw new SystemError(
      'CONTROL_SILENT',
      `the process at ${address} took the request and did not answer; it may be busy: try again`,
      { cause },
    );
  } finally {
    socket.destroy();
  }
}

const whoAreYou = 'who are you?';

/** Addresses that end with their process, so that a refusal to listen always means a holder. */
function endsWithProcess(address: string): boolean {
  return address.startsWith('@') || address.startsWith('\\\\');
}

function pathOf(address: string): string {
  return address.startsWith('@') ? `\0${address.slice(1)}` : address;
}

async function isStillOurs(address: string, nonce: string): Promise<boolean> {
  for (let look = 0; look < 2; look++) {
    await sleep(settling);
    const holder = await askAddress(address, whoAreYou).catch(() => undefined);
    // Closing ours would remove the winner's: it stays open, out of reach, until the process ends.
    if (holder !== nonce) return false;
  }
  return true;
}

/** Listens, and returns what ends that; undefined where the address is taken. */
function listening(address: string, answer: Answer): Promise<(() => Promise<void>) | undefined> {
  return new Promise((resolve, reject) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      void serve(socket, answer);
    });
    server.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EADDRINUSE') return resolve(undefined);
      reject(
        new SystemError(
          'CONTROL_ADDRESS',
          `cannot listen at ${address}, which tells other processes that this one is at work: ${cause.message}`,
          { cause },
        ),
      );
    });
    server.listen(pathOf(address), () => {
      server.unref();
      resolve(() => closed(server, sockets));
    });
  });
}

async function serve(socket: Socket, answer: Answer): Promise<void> {
  socket.unref();
  socket.on('error', () => socket.destroy());
  try {
    const reply = await answer(JSON.parse(await lineOf(socket))).catch(errorOf);
    socket.end(`${JSON.stringify(reply)}\n`);
  } catch {
    socket.destroy();
  }
}

function errorOf(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  return { error: { code, message } };
}

/** The first line that comes. */
function lineOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.setTimeout(patience, () => reject(new Error('no line in time')));
    socket.on('data', (piece: string) => {
      text += piece;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > longestLine) reject(new Error('a line without an end'));
    });
    socket.on('close', () => reject(new Error('closed before a line came')));
    socket.on('error', reject);
  });
}

function connected(address: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(pathOf(address));
    socket.on('connect', () => resolve(socket));
    socket.on('error', () => resolve(undefined));
  });
}

function closed(server: Server, sockets: Iterable<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
