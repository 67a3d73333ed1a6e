/** @file Interface of Studio: how a page and the worker of its tab that does the work speak to each other. */
import type { Failure } from './operation-shapes.ts';
import type { StudioEvent } from './studio.ts';

/** A request as HTTP has it, which the routes of a server answer too. */
export interface TabRequest {
  readonly type: 'request';
  /** Of the request among those of its page. */
  readonly id: number;
  readonly method: string;
  /** Path and query. */
  readonly address: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Blob | string | undefined;
}

/** From the page. */
export type ToTab = TabRequest | { readonly type: 'abort'; readonly id: number };

export interface TabAnswer {
  readonly type: 'answer';
  readonly id: number;
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Undefined of an answer that has none, such as 304. */
  readonly body: Blob | undefined;
}

/** What a tab found of the files that the browser keeps for its page. */
export interface FoundStorage {
  /** Whether there was nothing: no tab has worked here, or the browser has removed all of it. */
  readonly isEmpty: boolean;
  /** Paths of files that the browser has removed, from the work folder on where they lay in it. */
  readonly lost: readonly string[];
}

/** From the worker. */
export type FromTab =
  | TabAnswer
  | { readonly type: 'event'; readonly event: StudioEvent }
  /** It works; requests wait until it is open. It holds this lock for as long as it lives. */
  | { readonly type: 'begun'; readonly lock: string }
  /** Studio is open. */
  | { readonly type: 'open'; readonly found: FoundStorage }
  /** It cannot be opened. */
  | ({ readonly type: 'failed' } & Failure);
