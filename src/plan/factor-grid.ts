/** @file Parameters over the sizes of A, next to what the paper prints. */
import { type AdapterName, adapters } from '../adapters/index.ts';
import { ConfigError, KronaError } from '../base/errors.ts';
import type { Site } from '../nn/index.ts';
import { paperGrid } from './paper-grid.ts';
import { totalParameters } from './site-groups.ts';

/** The adapter with one size of A. */
export interface GridEntry {
  readonly a1: number;
  readonly a2: number;
  /** Null where a size does not divide a site. */
  readonly parameters: number | null;
  /** What the paper prints; left out for other bases and targets. */
  readonly paper?: number;
}

/** All sizes of the paper's Table 2. */
export interface FactorGrid {
  /** Row by row: a2 changes fastest. */
  readonly entries: readonly GridEntry[];
  /** How many are as the paper prints them; undefined for other bases and targets. */
  readonly agreeing: number | undefined;
}

/**
 * The parameters of an adapter for every a1 and a2 of the paper's Table 2.
 *
 * @param comparable whether the table was made for these sites
 * @throws ConfigError GRID_WITHOUT_FACTORS where the method has no a1 and a2
 */
export async function factorGrid(
  method: AdapterName,
  options: Readonly<Record<string, unknown>>,
  { sites, comparable }: { readonly sites: readonly Site[]; readonly comparable: boolean },
): Promise<FactorGrid> {
  const { shape } = adapters[method].schema;
  if (!('a1' in shape && 'a2' in shape)) {
    throw new ConfigError(
      'GRID_WITHOUT_FACTORS',
      `\`grid\` varies a1 and a2, which the adapter "${method}" does not have; use \`adapter: krona\``,
    );
  }
  const grid = await paperGrid();
  const entries = grid.a1.flatMap((a1) =>
    grid.a2.map((a2) => {
      const parameters = parametersOf(method, { ...options, a1, a2 }, sites);
      const paper = comparable ? grid.printed(a1, a2) : undefined;
      return { a1, a2, parameters, ...(paper === undefined ? {} : { paper }) };
    }),
  );
  const agreeing = entries.filter(({ parameters, paper }) => parameters === paper).length;
  return { entries, agreeing: comparable ? agreeing : undefined };
}

function parametersOf(
  method: AdapterName,
  options: Readonly<Record<string, unknown>>,
  sites: readonly Site[],
): number | null {
  try {
    return totalParameters(sites, adapters[method].configure(options));
  } catch (error) {
    if (error instanceof KronaError && error.code === 'FACTOR_DOES_NOT_DIVIDE') return null;
    throw error;
  }
}
