/** @file What an event changes of what was asked: small things are put in place, everything else is asked anew. */
import type { QueryClient } from '@tanstack/react-query';
import type { Drawing } from '../../src/studio/interface/drawing-operations.ts';
import type { StudioEvent } from '../../src/studio/interface/studio.ts';
import { applyRunEvents } from './apply-run-events.ts';
import { askAnew } from './ask-anew.ts';

type Changed = Extract<StudioEvent, { readonly type: 'changed' }>['what'];

/** What the browser keeps for a page whose Studio works in the tab, which it is asked itself. */
export const browserStorage = 'browser storage';

/** Names of operations that begin so are no longer true. */
const affected: Readonly<Record<Changed, readonly string[]>> = {
  runs: ['runs.', 'adapters.list', 'comparisons.'],
  jobs: ['jobs.'],
  datasets: ['datasets.', 'plan.'],
  // What is inside a picture never changes, and one that was removed is asked for no more.
  gallery: ['gallery.list'],
  comparisons: ['comparisons.', 'storage.', browserStorage],
  downloads: ['storage.', browserStorage],
  adapters: ['adapters.', 'gallery.'],
  models: ['models.', 'bases.list', browserStorage],
  sweeps: ['sweeps.'],
  preferences: ['session.'],
  plans: ['plan.', 'bases.step'],
};

export function applyEvent(client: QueryClient, event: StudioEvent): void {
  if (event.type === 'reset') void client.invalidateQueries();
  else if (event.type === 'changed') askAnew(client, affected[event.what], event.id);
  else if (event.type === 'run') applyRunEvents(client, event.run, event.events);
  else if (event.type === 'making') client.setQueryData(['adapters.making', {}], event.adapter);
  else applyDrawing(client, event.drawing);
}

function applyDrawing(client: QueryClient, drawing: Drawing): void {
  client.setQueryData<readonly Drawing[]>(['drawings.list', {}], (known) => {
    if (known === undefined) return known;
    const isKnown = known.some(({ id }) => id === drawing.id);
    return isKnown
      ? known.map((one) => (one.id === drawing.id ? drawing : one))
      : [drawing, ...known];
  });
}
