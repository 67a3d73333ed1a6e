/** @file Studio as a server of this machine. */
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { ConfigError, SystemError } from '../../base/errors.ts';
import { systemCodeOf } from '../../storage/file-errors.ts';
import type { StudioHost } from '../work/studio-host.ts';
import { openStudio } from '../work/studio-services.ts';
import { ownHosts } from './guards/own-hosts.ts';
import { Visitors, workKey } from './guards/visitors.ts';
import { builtPage } from './page-files.ts';
import { studioApp } from './studio-app.ts';

export const usualPort = 7865;
/** Ports after the usual one that are tried where it is taken. */
const portsTried = 20;
/** Bytes of headers: a look carries its input in its address. */
const largestHeaders = 65_536;

export interface ServeOptions {
  /** The work folder. */
  readonly work: string;
  /** 0 for any that is free. @default the usual one, or the next that is free */
  readonly port?: number | undefined;
  /** Address to listen at. @default 127.0.0.1 */
  readonly hostname?: string | undefined;
  /** More names under which browsers may ask. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Opens the page beside the code; needed where other machines reach the server. */
  readonly password?: string | undefined;
  /** Folder of the built page. @default that of the package */
  readonly page?: string | undefined;
  /** Told of the address that opens the next browser, each time one was opened. */
  readonly onAddress?: ((address: string) => void) | undefined;
}

export interface StudioServer extends AsyncDisposable {
  readonly port: number;
  /** The page, without the code. */
  readonly address: string;
  /** The page, with the code that opens one browser. */
  readonly openAddress: string;
  /** Names of the runs that are being trained. */
  readonly running: () => Promise<readonly string[]>;
}

const loopback = ['127.0.0.1', 'localhost', '::1'];

/**
 * Serves a work folder until it is disposed of.
 *
 * @throws ConfigError PASSWORD_NEEDED where others could reach it without one
 * @throws SystemError PORT_TAKEN
 */
export async function serveStudio(options: ServeOptions, host: StudioHost): Promise<StudioServer> {
  const { hostname = '127.0.0.1', allowedHosts = [], password, page = builtPage } = options;
  const isLocal = loopback.includes(hostname);
  if (!isLocal && password === undefined) {
    throw new ConfigError(
      'PASSWORD_NEEDED',
      `\`host: ${hostname}\`: every machine of the network could reach the server; give \`passwordFile\` too, or leave \`host\` out and come through a tunnel of ssh`,
    );
  }
  const studio = await openStudio(options.work, host);
  try {
    const key = await workKey(studio.work.key);
    // The routes need the port, which the system may choose.
    let answer: (request: Request) => Response | Promise<Response> = () =>
      new Response(null, { status: 503 });
    const server = createAdaptorServer({
      fetch: (request) => answer(request),
      overrideGlobalObjects: false,
      serverOptions: { maxHeaderSize: largestHeaders },
    }) as Server;
    const sockets = new Set<Socket>();
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    const port = await listening(server, options.port, hostname);
    const address = `http://${isLocal ? '127.0.0.1' : hostname}:${port}/`;
    const openAddress = (code: string) => `${address}#code=${code}`;
    const visitors = new Visitors({
      ...{ key, port, password },
      onCode: (code) => options.onAddress?.(openAddress(code)),
    });
    const hosts = ownHosts({ port, allowed: isLocal ? allowedHosts : [hostname, ...allowedHosts] });
    const app = await studioApp({ studio, hosts, visitors, page });
    answer = (request) => app.fetch(request);
    return {
      ...{ port, address },
      openAddress: openAddress(visitors.code),
      running: async () =>
        (await studio.runs.list())
          .filter(({ state }) => state.state === 'running')
          .map(({ found }) => found.name),
      [Symbol.asyncDispose]: async () => {
        await studio[Symbol.asyncDispose]();
        await closed(server, sockets);
      },
    };
  } catch (error) {
    await studio[Symbol.asyncDispose]();
    throw error;
  }
}

/** Listens, and returns the port. */
async function listening(
  server: Server,
  asked: number | undefined,
  hostname: string,
): Promise<number> {
  const last = asked === undefined ? usualPort + portsTried : asked;
  for (let port = asked ?? usualPort; ; port++) {
    try {
      await listenAt(server, port, hostname);
      return (server.address() as AddressInfo).port;
    } catch (cause) {
      if (systemCodeOf(cause) === 'EADDRINUSE' && port < last) continue;
      throw new SystemError(
        'PORT_TAKEN',
        `\`port: ${port}\`: cannot listen at ${hostname}: ${systemCodeOf(cause)}; choose another port, or end what listens there`,
        { cause },
      );
    }
  }
}

function listenAt(server: Server, port: number, hostname: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, hostname, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closed(server: Server, sockets: Iterable<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
