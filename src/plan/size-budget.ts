/** @file Which sizes of A keep an adapter's file within a budget, and what loads it elsewhere. */
import { divisors, greatestCommonDivisor } from '../adapters/algebra/divisors.ts';
import { adapters } from '../adapters/index.ts';
import { ConfigError } from '../base/errors.ts';
import { formatBytes } from '../base/quantities.ts';
import { lokrRebuilders, tensorReaders } from '../exchange/tools/loaders.ts';
import type { Site } from '../nn/index.ts';
import { adapterFileBytes, totalParameters } from './site-groups.ts';

/** A size of A whose file is small enough. */
export interface BudgetEntry {
  readonly a1: number;
  readonly a2: number;
  readonly parameters: number;
  readonly fileBytes: { readonly f32: number; readonly f16: number };
  readonly loaders: readonly string[];
}

/** What the adapter is for, and how large its file may be. */
export interface SizeBudget {
  readonly sites: readonly Site[];
  /** As the file names it. */
  readonly base: { readonly name: string; readonly sites: number };
  /** Largest file; a plan counts half precision, an extraction float32, as our own files are. */
  readonly bytes: number;
}

/**
 * Every size of A that divides all sites and whose file in half precision stays within a budget, the most parameters
 * first; the number of parameters depends on the product a1·a2 alone.
 *
 * @throws ConfigError BUDGET_TOO_SMALL naming the smallest file there is
 */
export function sizesWithin(
  options: Readonly<Record<string, unknown>>,
  { sites, base, bytes }: SizeBudget,
): readonly BudgetEntry[] {
  const sizes = (of: 'out' | 'in') =>
    divisors(sites.map((site) => site[of]).reduce(greatestCommonDivisor));
  const byProduct = new Map<number, Omit<BudgetEntry, 'a1' | 'a2' | 'loaders'>>();
  const costOf = (a1: number, a2: number) => {
    const known = byProduct.get(a1 * a2);
    if (known !== undefined) return known;
    const adapter = adapters.krona.configure({ ...options, a1, a2, factors: {} });
    const parameters = totalParameters(sites, adapter);
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
      `\`budget\`: ${formatBytes(bytes)} hold no KronA adapter of these sites; the smallest takes ${formatBytes(least)}`,
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
