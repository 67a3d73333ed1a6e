/** @file `krona plan --budget`: which sizes of A keep an adapter's file within a budget, and what loads it elsewhere. */

import { divisors, greatestCommonDivisor } from '../../../adapters/algebra/divisors.ts';
import { adapters } from '../../../adapters/index.ts';
import { bytesOfSize } from '../../../base/byte-size.ts';
import { ConfigError } from '../../../base/errors.ts';
import { formatBytes, formatCount } from '../../../base/quantities.ts';
import { lokrRebuilders, tensorReaders } from '../../../exchange/tools/loaders.ts';
import type { Site } from '../../../nn/index.ts';
import { formatTable } from '../../words/table.ts';
import { adapterFileBytes } from './plan-groups.ts';

/** A size of A whose file is small enough. */
export interface BudgetEntry {
  readonly a1: number;
  readonly a2: number;
  readonly parameters: number;
  readonly fileBytes: { readonly f32: number; readonly f16: number };
  readonly loaders: readonly string[];
}

export interface BudgetOptions {
  readonly sites: readonly Site[];
  /** As the file names it. */
  readonly base: { readonly name: string; readonly sites: number };
  /** Largest file. */
  readonly bytes: number;
}

/**
 * Every size of A that divides all sites and whose file in half precision stays within a budget, the most parameters
 * first; the number of parameters depends on the product a1·a2 alone.
 *
 * @throws ConfigError BUDGET_TOO_SMALL naming the smallest file there is
 */
export function planBudget(
  options: Readonly<Record<string, unknown>>,
  { sites, base, bytes }: BudgetOptions,
): readonly BudgetEntry[] {
  const sizes = (of: 'out' | 'in') =>
    divisors(sites.map((site) => site[of]).reduce(greatestCommonDivisor));
  const byProduct = new Map<number, Omit<BudgetEntry, 'a1' | 'a2' | 'loaders'>>();
  const costOf = (a1: number, a2: number) => {
    const known = byProduct.get(a1 * a2);
    if (known !== undefined) return known;
    const adapter = adapters.krona.configure({ ...options, a1, a2, factors: {} });
    const parameters = sites.reduce((sum, site) => sum + adapter.parameterCount(site), 0);
    const cost = { parameters, fileBytes: adapterFileBytes({ adapter, sites }, base) };
    byProduct.set(a1 * a2, cost);
    return cost;
  };
  const all = sizes('out').flatMap((a1) =>
    sizes('in').map((a2) => ({ a1, a2, ...costOf(a1, a2) })),
  );
  const fitting = all.filter(({ fileBytes }) => fileBytes.f16 <= bytes);
  if (fitting.length === 0) {
    const least = Math.min(...all.map(({ fileBytes }) => fileBytes.f16));
    throw new ConfigError(
      'BUDGET_TOO_SMALL',
      `--budget: ${formatBytes(bytes)} hold no KronA adapter of these sites; the smallest takes ${formatBytes(least)}`,
    );
  }
  return fitting
    .sort((a, b) => b.parameters - a.parameters || a.a1 - b.a1)
    .map((entry) => ({ ...entry, loaders: loadersOf(sites, entry) }));
}

function loadersOf(
  sites: readonly Site[],
  { a1, a2 }: Pick<BudgetEntry, 'a1' | 'a2'>,
): readonly string[] {
  const { peft, lycoris } = lokrRebuilders(sites.map((site) => ({ site, size: [a1, a2] })));
  return [...tensorReaders, ...(peft ? ['PEFT'] : []), ...(lycoris ? ['LyCORIS'] : [])];
}

/**
 * Bytes of a size such as `2MB`.
 *
 * @throws ConfigError FLAG_VALUE
 */
export function bytesOfBudget(text: string): number {
  const bytes = bytesOfSize(text);
  if (bytes !== undefined) return bytes;
  throw new ConfigError('FLAG_VALUE', `--budget: expected a size such as 2MB, got "${text}"`);
}

const marks: Readonly<Record<string, string>> = { PEFT: '*', LyCORIS: '+' };

/** One line a product a1·a2, and who loads what. */
export function formatBudget(entries: readonly BudgetEntry[]): string {
  const products = [...new Set(entries.map(({ a1, a2 }) => a1 * a2))];
  const rows = products.flatMap((product) => {
    const own = entries.filter(({ a1, a2 }) => a1 * a2 === product);
    const sizes = own.map(
      ({ a1, a2, loaders }) => `${a1} x ${a2}${loaders.map((name) => marks[name] ?? '').join('')}`,
    );
    return own
      .slice(0, 1)
      .map(({ parameters, fileBytes }) => [
        String(product),
        formatCount(parameters),
        formatBytes(fileBytes.f32),
        formatBytes(fileBytes.f16),
        sizes.join(', '),
      ]);
  });
  const titles = ['a1·a2', 'parameters', 'fp32', 'fp16'];
  const columns = titles.map((title) => ({ title, align: 'right' as const }));
  const table = formatTable([...columns, { title: 'a1 x a2' }], rows);
  return `${table}
All of these load in ${tensorReaders.join(', ')}, exported under kohya's LoKr names.
* in PEFT, + in LyCORIS too: these derive the sizes of both factors from one number.
`;
}
