/** @file What a failure is told as: ours in their own words, others without any detail. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ConfigError, KronaError, RunError, SystemError } from '../../base/errors.ts';
import { failureOf } from '../work/failure-of.ts';
import { refused } from './refused.ts';

/** Codes whose status is another than that of their kind. */
const statuses: Readonly<Record<string, ContentfulStatusCode>> = {
  NOT_HERE: 404,
  UNKNOWN_OPERATION: 404,
  TOO_LARGE: 413,
  DISK_FULL: 409,
};

/** The answer to a request that failed; what was not foreseen goes to the log. */
export function failureAnswer(
  context: Context,
  error: unknown,
  log: (text: string) => void,
): Response {
  if (error instanceof KronaError) {
    return refused(context, statuses[error.code] ?? statusOfKind(error), failureOf(error));
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log(`${context.req.method} ${context.req.path}: ${text}`);
  return refused(context, 500, {
    code: 'UNEXPECTED',
    message:
      'something unexpected went wrong; the terminal of the server, or the console of the tab, says what',
  });
}

function statusOfKind(error: KronaError): ContentfulStatusCode {
  if (error instanceof ConfigError) return 400;
  return error instanceof RunError || error instanceof SystemError ? 409 : 422;
}
