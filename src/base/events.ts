/** @file How the library reports progress without printing: typed events to whoever listens. */

/** Receives events; a discriminated union on `type`. */
export type Listener<Event extends { readonly type: string }> = (event: Event) => void;

/** A place to send events to and to listen at. */
export interface Events<Event extends { readonly type: string }> {
  /** Calls the listeners in the order they came; what one throws reaches the sender. */
  emit(event: Event): void;
  /** Returns the function that stops listening. */
  on(listener: Listener<Event>): () => void;
}

/** An emitter without listeners. */
export function createEvents<Event extends { readonly type: string }>(): Events<Event> {
  const listeners = new Set<{ readonly listener: Listener<Event> }>();
  return {
    emit(event) {
      for (const { listener } of [...listeners]) listener(event);
    },
    on(listener) {
      const registration = { listener };
      listeners.add(registration);
      return () => {
        listeners.delete(registration);
      };
    },
  };
}
