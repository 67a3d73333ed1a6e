/** @file Answers that say no. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** An error as every route tells it. */
export function refused(context: Context, status: ContentfulStatusCode, error: Refusal): Response {
  // A body may still be on its way, that nobody reads.
  const isBodyLeft = !['GET', 'HEAD'].includes(context.req.method);
  return context.json({ error }, status, isBodyLeft ? { Connection: 'close' } : {});
}
