/** @file What an address is that one process of this machine, or one tab, holds. */

/** Answers a request of another process; what it throws is told as an error. */
export type Answer = (request: unknown) => Promise<unknown>;

/** An address that this process holds until it is disposed of, or ends in whatever way. */
export interface HeldAddress extends AsyncDisposable {
  readonly address: string;
}
