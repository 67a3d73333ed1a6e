/** @file What the hub's answers mean to the user: error codes and advice for responses that are no success. */
import { type KronaError, ModelError, SystemError } from '../../../base/errors.ts';
import type { Hub } from '../hub.ts';

/** An error that may pass by itself, and how long the server asks to wait. */
export class TransientFailure extends Error {
  readonly error: KronaError;
  readonly waitMilliseconds: number | undefined;

  constructor(error: KronaError, waitMilliseconds?: number) {
    super(error.message, { cause: error });
    this.error = error;
    this.waitMilliseconds = waitMilliseconds;
  }
}

/** Responses that a repetition may turn into a success. */
const passing = [408, 425, 500, 502, 503, 504];

/** Longest wait that a server's wish is followed for; the hub counts in windows of 5 minutes. */
const longestWait = 300_000;

/** The error of a response that is neither a success nor a redirection. */
export function refusal(hub: Hub, response: Response): KronaError | TransientFailure {
  const { plural, noun } = hub.kind;
  const { repository, revision } = hub.name;
  const code = response.headers.get('X-Error-Code');
  const said = response.headers.get('X-Error-Message')?.slice(0, 200);
  const { status } = response;
  if (status === 429) return rateLimited(hub, response);
  if (passing.includes(status)) return new TransientFailure(failed(hub, response, said));
  if (code === 'GatedRepo') return gated(hub);
  if (said === 'Invalid credentials in Authorization header') {
    return new ModelError(
      'HUB_TOKEN_INVALID',
      `${repository}: the hub does not accept the token; make a new one (${hub.settings.endpoint}/settings/tokens) and set HF_TOKEN, or unset it for public ${plural}`,
    );
  }
  if (code === 'RevisionNotFound') {
    return new ModelError('HUB_REVISION_NOT_FOUND', `${repository}: has no revision "${revision}"`);
  }
  if (code === 'RepoNotFound' || status === 401 || (status === 404 && code !== 'EntryNotFound')) {
    return new ModelError(
      'HUB_NOT_FOUND',
      `${hub.settings.endpoint} has no ${noun} "${repository}"`,
    );
  }
  if (status === 403) {
    return new ModelError(
      'HUB_FORBIDDEN',
      `${repository}: the hub refuses it${said === undefined ? '' : ` (${said})`}; ${tokenAdvice(hub)}`,
    );
  }
  return failed(hub, response, said);
}

function failed(hub: Hub, response: Response, said: string | undefined): SystemError {
  const { pathname } = new URL(response.url || hub.settings.endpoint);
  return new SystemError(
    'HUB_FAILED',
    `${hub.name.repository}: the hub answered ${response.status} to ${pathname}${said === undefined ? '' : ` (${said})`}; try again later`,
  );
}

function rateLimited(hub: Hub, response: Response): TransientFailure {
  const seconds = waitSeconds(response.headers);
  const advice =
    hub.settings.token === undefined
      ? 'wait some minutes, or give a token (HF_TOKEN), which is allowed more'
      : 'wait some minutes';
  const error = new SystemError(
    'HUB_RATE_LIMITED',
    `${hub.name.repository}: the hub answers no more for now: too many requests from here; ${advice}`,
  );
  const wait = seconds === undefined ? undefined : Math.min(longestWait, seconds * 1000);
  return new TransientFailure(error, wait);
}

/** Seconds of `Retry-After: 30` or of t in the draft's `RateLimit: "api";r=0;t=30`. */
function waitSeconds(headers: Headers): number | undefined {
  const retryAfter = headers.get('Retry-After') ?? '';
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter);
  const reset = /;\s*t\s*=\s*(\d+)/.exec(headers.get('RateLimit') ?? '')?.[1];
  return reset === undefined ? undefined : Number(reset);
}

function gated(hub: Hub): ModelError {
  const { repository } = hub.name;
  const page = `${hub.settings.endpoint}/${hub.kind.prefix}${repository}`;
  const advice =
    hub.settings.token === undefined
      ? `accept them at ${page}, then ${tokenAdvice(hub)}`
      : `the account of the token given has not accepted them; do so at ${page}`;
  return new ModelError('HUB_GATED', `${repository}: its authors ask to accept terms; ${advice}`);
}

/** How to be somebody to the hub. */
export function tokenAdvice({ settings: { endpoint, token, tokenPath } }: Hub): string {
  return token === undefined
    ? `set HF_TOKEN to a token of ${endpoint}/settings/tokens, or put it into ${tokenPath}`
    : 'the token given (HF_TOKEN or its file) may not read it; give one that may';
}
