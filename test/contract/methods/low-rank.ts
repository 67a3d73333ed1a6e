/** @file The contracts of LoRA and LoHa, and DoRA's rescaling of any ΔW. */
import type { Site } from '../../../src/nn/index.ts';
import {
  type Contract,
  type ContractCase,
  type DeltaWeight,
  named,
  never,
  normal,
  uniform,
} from '../contract.ts';
import {
  at,
  columnLengths,
  hadamard,
  matrix,
  plus,
  product,
  rowLengths,
  rowsTimes,
  times,
} from '../matrix.ts';
import { convolutions, linearSite, narrow, rows, squares, uneven } from '../sites.ts';

/** A case with DoRA's row lengths on top: ΔW′ = m/‖W + ΔW‖·(W + ΔW) − W, the length held in the gradient. */
export function withDora(of: ContractCase): ContractCase {
  const { deltaWeight, count } = of;
  const held: NonNullable<ContractCase['held']> = (around, frozen) => {
    const lengths = rowLengths(plus(frozen.weight, deltaWeight(around, frozen)));
    return (own, { weight }) => {
      const magnitudes = named(own, 'magnitude');
      const scales = matrix(lengths.rows, 1, (i) => at(magnitudes, i, 0) / at(lengths, i, 0));
      const adapted = plus(weight, deltaWeight(own, frozen));
      return plus(rowsTimes(adapted, scales), weight, -1);
    };
  };
  return {
    ...of,
    options: { ...of.options, dora: true },
    held,
    deltaWeight: (own, frozen) => held(own, frozen)(own, frozen),
    count: (site) => count(site) + site.out,
    startsMoved: { why: 'lengths of rows are rounded to float32', atMost: 1e-6 },
  };
}

/** The same with the lengths of columns, of a convolution those of its channels. */
export function withInputDora(of: ContractCase): ContractCase {
  const { deltaWeight, count } = of;
  const taps = ({ kernel: [height, width] = [1, 1] }: Site) => height * width;
  const held: NonNullable<ContractCase['held']> = (around, frozen) => {
    const width = taps(frozen.site);
    const lengths = columnLengths(plus(frozen.weight, deltaWeight(around, frozen)), width);
    return (own, { weight }) => {
      const magnitudes = named(own, 'magnitude');
      const adapted = plus(weight, deltaWeight(own, frozen));
      const rescaled = matrix(adapted.rows, adapted.columns, (i, j) => {
        const channel = Math.floor(j / width);
        return (at(adapted, i, j) * at(magnitudes, channel, 0)) / at(lengths, 0, channel);
      });
      return plus(rescaled, weight, -1);
    };
  };
  return {
    ...of,
    options: { ...of.options, dora: true, doraSide: 'input' },
    held,
    deltaWeight: (own, frozen) => held(own, frozen)(own, frozen),
    count: (site) => count(site) + site.in / taps(site),
    startsMoved: { why: 'lengths of columns are rounded to float32', atMost: 1e-6 },
  };
}

const lowRank =
  (scale = 1): DeltaWeight =>
  (own) =>
    times(product(named(own, 'B'), named(own, 'A')), scale);

const lowRankCount = (rank: number) => (site: Site) => rank * (site.out + site.in);

const loraCases: readonly ContractCase[] = [
  { options: {}, sites: squares, deltaWeight: lowRank(), count: lowRankCount(4) },
  {
    options: { rank: 4, alpha: 8 },
    sites: [...squares.slice(0, 2), ...convolutions],
    deltaWeight: lowRank(2),
    count: lowRankCount(4),
  },
  {
    options: { rank: 10, alpha: 1 },
    sites: [narrow],
    deltaWeight: lowRank(0.1),
    count: lowRankCount(10),
  },
  {
    options: { rank: 4, alpha: 6, rankStabilized: true },
    sites: [narrow, uneven],
    deltaWeight: lowRank(3),
    count: lowRankCount(4),
  },
  { options: { rank: 1 }, sites: rows, deltaWeight: lowRank(), count: lowRankCount(1) },
];

export const lora: Contract = {
  cases: [
    ...loraCases,
    withInputDora({
      options: { rank: 4, alpha: 8 },
      sites: [...squares.slice(0, 2), ...convolutions],
      deltaWeight: lowRank(2),
      count: lowRankCount(4),
    }),
    withDora({
      options: { rank: 4, alpha: 8 },
      sites: [...squares.slice(0, 2), ...convolutions],
      deltaWeight: lowRank(2),
      count: lowRankCount(4),
    }),
  ],
  starts: [
    // A is rank × in: U(±1/√fan_in).
    { options: { rank: 8 }, moments: { A: uniform(1 / Math.sqrt(2048)), B: never } },
  ],
  refusals: [
    {
      options: { rank: 16 },
      site: linearSite(10, 15, 'mid.attn2.to_k'),
      code: 'RANK_TOO_LARGE',
      says: ['mid.attn2.to_k (10 x 15)', 'rank = 16', '10 already reaches every change'],
    },
  ],
};

const twoProducts =
  (scale = 1): DeltaWeight =>
  (own) => {
    const first = product(named(own, 'w1_a'), named(own, 'w1_b'));
    return times(hadamard(first, product(named(own, 'w2_a'), named(own, 'w2_b'))), scale);
  };

const twoProductsCount = (rank: number) => (site: Site) => 2 * rank * (site.out + site.in);

export const loha: Contract = {
  cases: [
    {
      options: {},
      sites: squares.slice(0, 2),
      deltaWeight: twoProducts(),
      count: twoProductsCount(4),
    },
    {
      options: { rank: 3, alpha: 1.5 },
      sites: [narrow, ...rows, ...convolutions, uneven],
      deltaWeight: twoProducts(0.5),
      count: twoProductsCount(3),
    },
    {
      options: { rank: 4, alpha: 2, rankStabilized: true },
      sites: [narrow],
      deltaWeight: twoProducts(),
      count: twoProductsCount(4),
    },
    withInputDora({
      options: { rank: 2 },
      sites: [narrow, ...convolutions],
      deltaWeight: twoProducts(),
      count: twoProductsCount(2),
    }),
    withDora({
      options: { rank: 2 },
      sites: [narrow, ...convolutions],
      deltaWeight: twoProducts(),
      count: twoProductsCount(2),
    }),
  ],
  starts: [
    {
      options: { rank: 8 },
      moments: { w1_a: normal(0.1), w1_b: normal(1), w2_a: never, w2_b: normal(1) },
    },
  ],
  refusals: [],
};
