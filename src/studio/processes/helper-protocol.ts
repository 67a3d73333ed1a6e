/** @file What Studio and its helper processes say to each other. */
import type { Failure } from '../interface/operation-shapes.ts';

/** To the helper: one question at a time. */
export type HelperRequest =
  | { readonly type: 'ask'; readonly question: unknown }
  /** Gives the question up. */
  | { readonly type: 'stop' };

/** From the helper. */
export type HelperReply =
  | { readonly type: 'event'; readonly event: unknown }
  | { readonly type: 'answer'; readonly answer: unknown }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'stopped' };
