/** @file Ranks and alphas in PEFT's configuration: one for most modules, and those of the others by their paths. */
import type { WrittenModule } from '../methods/written-module.ts';
import { unfit } from './write-options.ts';

/** A module with its path in its part of the pipeline. */
export interface PathedModule extends WrittenModule {
  readonly path: string;
}

export type PeftJson = Readonly<Record<string, unknown>>;

/** The rank and alpha of one module, as PEFT counts them. */
export interface RankAndAlpha {
  readonly path: string;
  readonly rank: number;
  readonly alpha: number;
}

/** @throws AdapterError FORMAT_UNFIT where nothing has a rank */
export function ranked({ path, site, ranked }: PathedModule): RankAndAlpha {
  if (ranked === undefined) throw unfit('peft', site, 'it has no rank');
  return { path, rank: ranked.rank, alpha: ranked.alpha };
}

/** The rank and alpha of most modules, and those of others by their paths. */
export function ranksJson(
  ranks: readonly RankAndAlpha[],
  alphaName: 'alpha' | 'lora_alpha',
): PeftJson {
  const rank = mostFrequent(ranks.map((each) => each.rank));
  const alpha = mostFrequent(ranks.map((each) => each.alpha));
  const others = (name: 'rank' | 'alpha', usual: number) =>
    Object.fromEntries(
      ranks.filter((each) => each[name] !== usual).map((each) => [each.path, each[name]]),
    );
  return {
    r: rank,
    [alphaName]: alpha,
    rank_pattern: others('rank', rank),
    alpha_pattern: others('alpha', alpha),
  };
}

function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [[most] = [0]] = [...counts].sort(([, a], [, b]) => b - a);
  return most;
}
