/** @file What PEFT's configuration says of each method, so that it rebuilds the shapes of the tensors. */
import { AdapterError } from '../base/errors.ts';
import { channelsOf, peftFactorOf, peftFactors, peftSquareFactors } from './peft-factors.ts';
import { unfit } from './write-options.ts';
import type { WrittenModule } from './written-module.ts';

/** The rank and alpha of one module, as PEFT counts them. */
interface RankAndAlpha {
  readonly path: string;
  readonly rank: number;
  readonly alpha: number;
}

/** A module with its path in its part of the pipeline. */
export interface PathedModule extends WrittenModule {
  readonly path: string;
}

export type PeftJson = Readonly<Record<string, unknown>>;

/**
 * The part of adapter_config.json that states the method.
 *
 * @throws AdapterError FORMAT_UNFIT where one configuration cannot state all modules
 */
export function peftMethod(modules: readonly PathedModule[]): PeftJson {
  const algorithm = onlyOne(modules, 'the method', ({ algorithm }) => algorithm);
  switch (algorithm) {
    case 'lora':
      return loraJson(modules);
    case 'loha':
      refuseMagnitudes(modules);
      return {
        peft_type: 'LOHA',
        use_effective_conv2d: false,
        ...ranksJson(modules.map(ranked), 'alpha'),
      };
    case 'lokr':
      refuseMagnitudes(modules);
      return lokrJson(modules);
    case 'oft':
      return oftJson(modules);
    case 'full':
      throw new AdapterError(
        'FORMAT_UNFIT',
        'peft has no full differences; write "kohya", or convert it to a LoRA',
      );
    case 'published':
      throw new AdapterError(
        'FORMAT_UNFIT',
        'peft orders rows otherwise than the published code of DiffuseKronA; write "official", or convert it to a LoRA',
      );
    case undefined:
      throw new AdapterError('FORMAT_UNFIT', 'there is nothing that peft could hold');
    default:
      return algorithm satisfies never;
  }
}

/** PEFT's LoRA, also as diffusers keeps it in a file's header. */
export function loraJson(modules: readonly PathedModule[]): PeftJson {
  return {
    peft_type: 'LORA',
    ...ranksJson(modules.map(ranked), 'lora_alpha'),
    use_rslora: onlyOne(modules, 'rsLoRA', (each) => each.ranked?.rankStabilized ?? false),
    use_dora: onlyOne(modules, 'DoRA', ({ tensors }) => tensors.magnitude !== undefined),
    bias: 'none',
    fan_in_fan_out: false,
    lora_dropout: 0,
  };
}

function lokrJson(modules: readonly PathedModule[]): PeftJson {
  const factors = modules.map(({ site, tensors: { lokr_w1, lokr_w1_a, lokr_w1_b } }) => ({
    site,
    size: [(lokr_w1 ?? lokr_w1_a)?.shape[0] ?? 1, (lokr_w1 ?? lokr_w1_b)?.shape[1] ?? 1] as const,
  }));
  const factor = peftFactorOf(factors);
  if (factor === undefined) {
    const sizes = new Set(factors.map(({ size }) => `(${size.join(', ')})`));
    const squares = peftSquareFactors(modules.map(({ site }) => site)).map((n) => `(${n}, ${n})`);
    throw new AdapterError(
      'FORMAT_UNFIT',
      `peft rebuilds the sizes of both factors from one number, and none gives ${[...sizes].join(' and ')} everywhere; ${squares.join(', ')} would load: train with one of these, or write "kohya", which any reader of tensors loads`,
    );
  }
  const decomposeBoth = modules.some(({ tensors }) => tensors.lokr_w1_a !== undefined);
  // A factor is full where the rank reaches half of its larger side.
  const enough = Math.max(...modules.map(({ site }) => halfOfLarger(secondSizes(site, factor))));
  const ranks = modules.map((module) => {
    const { path, scale = 1 } = module;
    return module.ranked === undefined
      ? { path, rank: enough, alpha: enough * scale }
      : ranked(module);
  });
  for (const [i, module] of modules.entries()) {
    requireRebuilt(module, { factor, decomposeBoth, rank: ranks[i]?.rank ?? 0 });
  }
  return {
    peft_type: 'LOKR',
    decompose_factor: factor,
    decompose_both: decomposeBoth,
    use_effective_conv2d: false,
    ...ranksJson(ranks, 'alpha'),
  };
}

interface LokrConfig {
  readonly factor: number;
  readonly decomposeBoth: boolean;
  readonly rank: number;
}

function requireRebuilt(
  { site, tensors }: PathedModule,
  { factor, decomposeBoth, rank }: LokrConfig,
): void {
  const first = [
    peftFactors(site.out, factor)[0],
    peftFactors(channelsOf(site), factor)[0],
  ] as const;
  const isFirstProduct = decomposeBoth && rank < halfOfLarger(first, false);
  const isSecondProduct = rank < halfOfLarger(secondSizes(site, factor), false);
  const fits =
    (tensors.lokr_w1_a !== undefined) === isFirstProduct &&
    (tensors.lokr_w2_a !== undefined) === isSecondProduct;
  if (fits) return;
  throw unfit(
    'peft',
    site,
    `PEFT would make other factors low-rank products than these at rank ${rank}; write "kohya"`,
  );
}

function secondSizes(site: WrittenModule['site'], factor: number): readonly [number, number] {
  return [peftFactors(site.out, factor)[1], peftFactors(channelsOf(site), factor)[1]];
}

function halfOfLarger(sizes: readonly [number, number], whole = true): number {
  const half = Math.max(...sizes) / 2;
  return whole ? Math.ceil(half) : half;
}

function oftJson(modules: readonly PathedModule[]): PeftJson {
  const blockSize = onlyOne(modules, 'the block size', ({ tensors }) => {
    const entries = tensors.oft_R?.shape[1] ?? 0;
    return (1 + Math.sqrt(1 + 8 * entries)) / 2;
  });
  const terms = onlyOne(modules, 'the series', ({ neumannTerms }) => neumannTerms);
  const isShared = ({ site, tensors }: PathedModule) =>
    tensors.oft_R?.shape[0] === 1 && site.in !== blockSize;
  return {
    peft_type: 'OFT',
    r: 0,
    oft_block_size: blockSize,
    block_share: onlyOne(modules, 'sharing', isShared),
    use_cayley_neumann: terms !== undefined,
    ...(terms === undefined ? {} : { num_cayley_neumann_terms: terms }),
    coft: false,
    bias: 'none',
    fan_in_fan_out: false,
  };
}

function ranked({ path, site, ranked }: PathedModule): RankAndAlpha {
  if (ranked === undefined) throw unfit('peft', site, 'it has no rank');
  return { path, rank: ranked.rank, alpha: ranked.alpha };
}

/** The rank and alpha of most modules, and those of others by their paths. */
function ranksJson(ranks: readonly RankAndAlpha[], alphaName: 'alpha' | 'lora_alpha'): PeftJson {
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

/** What all modules have in common. */
function onlyOne<T>(
  modules: readonly PathedModule[],
  what: string,
  of: (module: PathedModule) => T,
): T | undefined {
  const values = [...new Set(modules.map(of))];
  if (values.length < 2) return values[0];
  throw new AdapterError(
    'FORMAT_UNFIT',
    `peft keeps one configuration for all modules, here ${what} differs among them (${values.map(String).join(', ')}); write "kohya"`,
  );
}

function refuseMagnitudes(modules: readonly PathedModule[]): void {
  const found = modules.find(({ tensors }) => tensors.magnitude !== undefined);
  if (found === undefined) return;
  throw unfit('peft', found.site, 'PEFT has DoRA for LoRA only; write "kohya"');
}
