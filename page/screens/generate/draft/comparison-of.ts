/** @file The comparison that goes on from a drawing: its prompts over the steps of the run whose adapter it has. */
import type { AdapterSummary } from '../../../../src/studio/interface/adapter-operations.ts';
import { type Draft, promptsOf } from './draft.ts';

/** An address of the page; undefined where no adapter is a run's. */
export function comparisonOf(
  draft: Draft,
  adapters: readonly AdapterSummary[],
): string | undefined {
  const runOf = (id: string) => adapters.find((adapter) => adapter.id === id)?.run;
  const main = draft.adapters.find(({ id }) => runOf(id) !== undefined);
  const run = main && runOf(main.id);
  if (run === undefined) return undefined;
  const query = new URLSearchParams({ run, y: 'prompt' });
  const prompts = promptsOf(draft);
  if (prompts.length > 0) query.set('ys', JSON.stringify(prompts));
  for (const { id, strength } of draft.adapters) {
    if (id !== main?.id) query.append('with', `${id}=${strength}`);
  }
  return `/compare?${query}`;
}
