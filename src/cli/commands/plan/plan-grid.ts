/** @file `krona plan --grid`: parameters over the sizes of A, next to what the paper prints. */
import { type AdapterName, adapters } from '../../../adapters/index.ts';
import { ConfigError, KronaError } from '../../../base/errors.ts';
import { formatCount } from '../../../base/quantities.ts';
import type { Site } from '../../../nn/index.ts';
import { formatTable } from '../../words/table.ts';
import { paperGrid } from './paper-table2.ts';
import { totalParameters } from './plan-groups.ts';

export interface GridEntry {
  readonly a1: number;
  readonly a2: number;
  /** Null where a size does not divide a site. */
  readonly parameters: number | null;
  /** What the paper prints; left out for other bases and targets. */
  readonly paper?: number;
}

export interface Grid {
  readonly entries: readonly GridEntry[];
  readonly agreeing: number | undefined;
}

/**
 * The parameters of an adapter for every a1 and a2 of the paper's Table 2.
 *
 * @param comparable whether the table was made for these sites
 * @throws ConfigError GRID_WITHOUT_FACTORS where the method has no a1 and a2
 */
export function planGrid(
  method: AdapterName,
  options: Readonly<Record<string, unknown>>,
  { sites, comparable }: { readonly sites: readonly Site[]; readonly comparable: boolean },
): Grid {
  const { shape } = adapters[method].schema;
  if (!('a1' in shape && 'a2' in shape)) {
    throw new ConfigError(
      'GRID_WITHOUT_FACTORS',
      `--grid varies a1 and a2, which the adapter "${method}" does not have; use --adapter krona`,
    );
  }
  const grid = paperGrid();
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

/** The grid as a table, entries that differ from the paper marked and explained. */
export function formatGrid({ entries, agreeing }: Grid): string {
  const distinct = (side: 'a1' | 'a2') => [...new Set(entries.map((entry) => entry[side]))];
  const columns = [
    { title: 'a1 \\ a2', align: 'right' as const },
    ...distinct('a2').map((a2) => ({ title: `${a2} `, align: 'right' as const })),
  ];
  const rows = distinct('a1').map((a1) => [
    String(a1),
    ...entries.filter((entry) => entry.a1 === a1).map(cell),
  ]);
  const table = formatTable(columns, rows);
  return agreeing === undefined ? table : `${table}\n${explain(entries, agreeing)}`;
}

function cell({ parameters, paper }: GridEntry): string {
  const mark = paper === undefined || paper === parameters ? ' ' : '*';
  return `${parameters === null ? '-' : formatCount(parameters)}${mark}`;
}

/** Checked entry by entry: each of them is the sum of a1·a2 + d·h / (4·a1·a2). */
function explain(entries: readonly GridEntry[], agreeing: number): string {
  const [example] = entries.filter(({ parameters, paper }) => parameters !== paper);
  const summary = `${agreeing} of the ${entries.length} entries of the paper's Table 2 agree with the sum of a1·a2 + d·h/(a1·a2) over all d x h matrices.\n`;
  if (example?.paper === undefined) return summary;
  return `${summary}* The ${entries.length - agreeing} entries with a1 = ${example.a1} are printed as a quarter of these, for example ${formatCount(example.paper)} for (${example.a1}, ${example.a2}):
  they count a second factor of d/4 x h/a2, as with a1 = 4, where the product needs one of d x h/a2.\n`;
}
