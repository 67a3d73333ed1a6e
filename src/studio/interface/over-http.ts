/** @file Interface of Studio over HTTP: which request each of its words is, for the server and for the page alike. */
import type { BroughtFile } from './machine-operations.ts';
import type { Failure, PictureId } from './operation-shapes.ts';
import type { InputOf, OperationName, OutputOf, StudioEvent } from './studio.ts';

/**
 * What goes where. Every request carries the cookie of the session and `X-Krona: 1`; only what a page loads by an
 * address alone (pictures, downloads, reports, its own files) goes without the header. Whatever is none of these and
 * asks for a document is answered with the page, whose addresses (`/`, `/datasets/ID`, `/train`, `/runs/ID`,
 * `/generate`, `/compare`, `/adapters/ID`, `/experiments/ID`, `/settings`) are its own.
 */
export interface HttpInterface {
  /** Changes the one-time code of the fragment (`#code=...`), or the password, into the cookie. 401 where it is wrong or used. */
  readonly 'POST /api/login': {
    readonly body: { readonly code: string } | { readonly password: string };
    readonly answer: null;
  };
  /** A look. Its input is JSON in the query, and `{}` where not given. */
  readonly 'GET /api/NAME?input=JSON': {
    readonly input: InputOf<OperationName>;
    readonly answer: OutputOf<OperationName>;
  };
  /** A change, or a look whose input is too long for an address. The input is the body, `application/json`. */
  readonly 'POST /api/NAME': {
    readonly body: InputOf<OperationName>;
    readonly answer: OutputOf<OperationName>;
  };
  /** The body is the picture's file; `NAME` is percent-encoded. */
  readonly 'PUT /api/datasets/ID/pictures/NAME': {
    readonly body: Blob;
    readonly answer: { readonly name: string };
  };
  readonly 'PUT /api/uploads/NAME': {
    readonly body: Blob;
    readonly answer: { readonly picture: PictureId };
  };
  /** A .safetensors file; `X-Krona-Size` says how many bytes come, so that room is asked for before. */
  readonly 'PUT /api/files/NAME': { readonly body: Blob; readonly answer: BroughtFile };
  /**
   * Server-sent events: `data` is one event, `id` goes back as `Last-Event-ID` when the connection is made anew. One
   * that the server no longer knows is answered by `reset`.
   */
  readonly 'GET /api/events': { readonly data: StudioEvent };
  /** Whole, or no wider than `width` pixels where that is given. */
  readonly 'GET /pictures/ID?width=PIXELS': { readonly answer: Blob };
  readonly 'GET /downloads/ID': { readonly answer: Blob };
  readonly 'GET /reports/ID/': { readonly answer: Blob };
}

/** Body of every answer with a status from 400: who has no cookie gets 401 and `SESSION_NEEDED`. */
export interface HttpError {
  readonly error: Failure;
}
