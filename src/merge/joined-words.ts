/** @file The new words of several adapters in one. */
import type { SiteAdapter } from '../adapters/index.ts';
import { joinedWordOptions } from '../adapters/methods/textual-inversion.ts';
import type { Site } from '../nn/index.ts';
import type { TrainedAdapter } from '../pipeline/adapters/trained-adapter.ts';
import { newTokensOf } from '../pipeline/text/new-tokens.ts';
import { concatenated } from '../tensor/tensor.ts';

/** An adapter and its rows at a table. */
export interface WordPart {
  readonly adapter: TrainedAdapter;
  readonly own: SiteAdapter;
}

/**
 * The words of all at a table, their rows behind one another.
 *
 * @throws ConfigError TOKEN_TWICE
 */
export function joinedWords(site: Site, parts: readonly WordPart[]): SiteAdapter {
  const [part = ''] = site.name.split('.');
  newTokensOf(
    parts.map(({ adapter }) => adapter),
    part,
  );
  const rows = parts.flatMap(({ own }) => own.parameters.vectors ?? []);
  return {
    site,
    method: 'textual-inversion',
    options: joinedWordOptions(parts.map(({ own }) => own.options)),
    parameters: { vectors: concatenated(rows) },
  };
}
