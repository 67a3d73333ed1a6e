/** @file What PEFT's configuration says of LoKr, from which it rebuilds the sizes of all factors. */
import { AdapterError, invariant } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import type { Site } from '../../nn/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { channelsOf, peftFactorOf, peftFactors, peftSquareFactors } from './peft-factors.ts';
import { type PathedModule, type PeftJson, ranked, ranksJson } from './peft-ranks.ts';
import { unfit } from './write-options.ts';

/** @throws AdapterError FORMAT_UNFIT where no number gives these factors, with those that would load */
export function lokrJson(modules: readonly PathedModule[]): PeftJson {
  const factors = modules.map(({ site, tensors: { lokr_w1, lokr_w1_a, lokr_w1_b } }) => ({
    site,
    size: [sizeOf(lokr_w1 ?? lokr_w1_a, 0), sizeOf(lokr_w1 ?? lokr_w1_b, 1)] as const,
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
    requireRebuilt(module, { factor, decomposeBoth, rank: required(ranks, i).rank });
  }
  return {
    peft_type: 'LOKR',
    decompose_factor: factor,
    decompose_both: decomposeBoth,
    use_effective_conv2d: false,
    ...ranksJson(ranks, 'alpha'),
  };
}

/** A size of the first factor, or of what it is a product of. */
function sizeOf(tensor: Tensor | undefined, axis: number): number {
  invariant(tensor !== undefined, 'a LoKr module has no first factor');
  return required(tensor.shape, axis);
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

function secondSizes(site: Site, factor: number): readonly [number, number] {
  return [peftFactors(site.out, factor)[1], peftFactors(channelsOf(site), factor)[1]];
}

function halfOfLarger(sizes: readonly [number, number], whole = true): number {
  const half = Math.max(...sizes) / 2;
  return whole ? Math.ceil(half) : half;
}
