/** @file How the library reports progress without printing: typed events to whoever listens. */

/** Receives events; a discriminated union on `type`. */
export type Listener<Event extends { readonly type: string }> = (event: Event) => void;

/** What was decided without the user, in a sentence. */
export interface NoteEvent {
  readonly type: 'note';
  readonly message: string;
}
