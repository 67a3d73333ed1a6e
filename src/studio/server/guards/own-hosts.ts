/** @file Names under which the server may be asked. A page of another site whose name was made to mean this machine comes with its own. */
import type { MiddlewareHandler } from 'hono';
import { refused } from '../refused.ts';

/** What `Host` may be. */
export type OwnHosts = ReadonlySet<string>;

/**
 * The hosts of a server.
 *
 * @param options.allowed more of them, as browsers say them, with or without the port
 */
export function ownHosts({
  port,
  allowed,
}: {
  readonly port: number;
  readonly allowed: readonly string[];
}): OwnHosts {
  const names = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  // Behind a proxy, the port is the usual one, which browsers leave out.
  const more = allowed.flatMap((name) => (/:\d+$/.test(name) ? [name] : [name, `${name}:${port}`]));
  return new Set([...names, ...more].map((name) => name.toLowerCase()));
}

/** Refuses every request under another name, for whatever path. */
export function requireOwnHost(hosts: OwnHosts): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header('host')?.toLowerCase();
    if (host === undefined || !hosts.has(host)) {
      return refused(context, 403, {
        code: 'HOST_UNKNOWN',
        message: 'this server is not asked under that name; allow the name when it is started',
      });
    }
    return await next();
  };
}
