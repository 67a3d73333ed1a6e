/** @file Requests to the hub, repeated with growing pauses where a failure may pass. */
import { SystemError } from '../../../base/errors.ts';
import { requestHeaders, requestSettings } from '../../../platform/requests.ts';
import { systemCodeOf } from '../../file-errors.ts';
import type { Hub } from '../hub.ts';
import { refusal, TransientFailure } from './refusal.ts';

/** Times that an action is tried without getting further. */
const attempts = 5;
const firstPause = 1000;
const longestPause = 16_000;

export interface RequestOptions {
  /** @default 'GET' */
  readonly method?: 'GET' | 'HEAD';
  /** @default {} */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default 'follow' */
  readonly redirect?: 'follow' | 'manual';
  /** Ends the request. @default the download's signal, or when patience is over */
  readonly signal?: AbortSignal;
}

/**
 * One request, tried once.
 *
 * @throws TransientFailure where a repetition may help
 * @throws KronaError where not
 */
export async function send(
  hub: Hub,
  url: string,
  {
    method = 'GET',
    headers = {},
    redirect = 'follow',
    signal = AbortSignal.any([hub.signal, AbortSignal.timeout(hub.patience)]),
  }: RequestOptions = {},
): Promise<Response> {
  const { token } = hub.settings;
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      redirect,
      signal,
      ...requestSettings,
      headers: {
        ...requestHeaders,
        // Fetch drops it on a redirection to another host (fetch standard, HTTP-redirect fetch).
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
  } catch (cause) {
    hub.signal.throwIfAborted();
    throw unreachable(hub, cause);
  }
  if (response.type === 'opaqueredirect') throw hidden(hub, url);
  if (response.ok || (redirect === 'manual' && response.status >= 300 && response.status < 400)) {
    return response;
  }
  await response.body?.cancel().catch(() => {});
  throw refusal(hub, response);
}

/** A page is not shown where an answer leads: it needs a hub whose listings tell all of it. */
function hidden(hub: Hub, url: string): SystemError {
  return new SystemError(
    'HUB_ANSWER',
    `${hub.settings.endpoint}: expected sizes and checksums in its listings (?blobs=true), found none, and a page cannot ask for them by themselves (${new URL(url).pathname}); set HF_ENDPOINT to a mirror that has them`,
  );
}

/** The failure of a connection that could not be made or that broke. */
export function unreachable(hub: Hub, cause: unknown): TransientFailure {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = systemCodeOf(inner);
  const reason = code === 'UNKNOWN' && inner instanceof Error ? inner.message : code;
  const proxy = hub.settings.proxy
    ? '; HTTPS_PROXY is followed only by Node 24 or newer, with NODE_USE_ENV_PROXY=1'
    : '';
  return new TransientFailure(
    new SystemError(
      'HUB_UNREACHABLE',
      `${hub.name.repository}: cannot reach ${hub.settings.endpoint} (${reason}); check the connection and run the command again: what has arrived is kept${proxy}`,
      { cause },
    ),
  );
}

/**
 * Runs an action again, after pauses that double, as long as its failures may pass.
 *
 * @param action gets a function to call whenever it got further, which begins the count of failures anew
 */
export async function withRetries<T>(
  hub: Hub,
  action: (gotFurther: () => void) => Promise<T>,
  { limit = attempts }: { readonly limit?: number } = {},
): Promise<T> {
  let failures = 0;
  const gotFurther = () => {
    failures = 0;
  };
  for (;;) {
    try {
      return await action(gotFurther);
    } catch (failure) {
      hub.signal.throwIfAborted();
      if (!(failure instanceof TransientFailure)) throw failure;
      failures += 1;
      if (failures >= limit) throw failure.error;
      const pause = Math.min(longestPause, firstPause * 2 ** (failures - 1));
      // Between half and one and a half of the pause, so that many machines do not come back together.
      const wait = failure.waitMilliseconds ?? pause * (0.5 + hub.random());
      hub.emit({
        type: 'download-retry',
        reason: failure.error.message,
        attempt: failures,
        waitSeconds: wait / 1000,
      });
      await hub.sleep(wait, hub.signal);
    }
  }
}
