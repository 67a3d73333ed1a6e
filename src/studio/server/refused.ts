/** @file Answers that say no. */
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Failure } from '../interface/operation-shapes.ts';

/** An error as every route tells it. */
export function refused(context: Context, status: ContentfulStatusCode, error: Failure): Response {
  // A body may still be on its way, that nobody reads.
  const isBodyLeft = !['GET', 'HEAD'].includes(context.req.method);
  return context.json({ error }, status, isBodyLeft ? { Connection: 'close' } : {});
}

/** Refuses bodies of more than so many bytes, before they are in memory. */
export function limitedBody(maxSize: number): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: (context) =>
      refused(context, 413, {
        code: 'TOO_LARGE',
        message: `expected at most ${maxSize} bytes; send less at once`,
      }),
  });
}
