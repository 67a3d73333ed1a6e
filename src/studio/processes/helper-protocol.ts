/** @file What Studio and its helper processes say to each other. */

/** To the helper: one question at a time. */
export type HelperRequest =
  | { readonly type: 'ask'; readonly question: unknown }
  /** Gives the question up. */
  | { readonly type: 'stop' };

/** From the helper. */
export type HelperReply =
  | { readonly type: 'event'; readonly event: unknown }
  | { readonly type: 'answer'; readonly answer: unknown }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | { readonly type: 'stopped' };
