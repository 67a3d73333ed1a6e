/** @file GLoRA in LyCORIS' files, ΔW = (α/r)·(b1 b2 + W a1 a2), and with its factors the other way round, as it was at first. */
import { invariant } from '../../base/errors.ts';
import { kernelTaps, type Site } from '../../nn/index.ts';
import { reshaped, type Tensor } from '../../tensor/tensor.ts';
import { scaleOf, strengthOf } from '../strength/strength.ts';
import {
  type ForeignModule,
  refusal,
  requiredSite,
  requiredTensor,
  requireSizes,
  type SiteReading,
  shapesOf,
} from './foreign-module.ts';
import { asMatrix, foldedCore, multiplied, withKernel } from './matrices.ts';
import type { ForeignMethod, Parameters } from './method-record.ts';
import type { Options, WrittenTensors } from './written-module.ts';

export const gloraTensors: ForeignMethod = {
  title: 'GLoRA',
  signs: ['a1', 'a2', 'b1', 'b2'],
  others: ['bm', 'alpha'],
  read: (module) => [readGlora(module)],
  write: { glora: writeGlora },
};

/** The factors of both products, the outer one of each first. */
interface Factors {
  readonly a1: Tensor<'f32'>;
  readonly a2: Tensor<'f32'>;
  readonly b1: Tensor<'f32'>;
  readonly b2: Tensor<'f32'>;
}

function readGlora(module: ForeignModule): SiteReading {
  const site = requiredSite(module);
  const { a1, a2, b1, b2 } = factorsOf(module, site);
  const [channels = 0, rank = 0] = a1.shape;
  const ranks = [rank, ...[a2, b2].map(({ shape: [rows] }) => rows), b1.shape[1]];
  if (ranks.some((each) => each !== rank)) {
    throw refusal(module, 'ADAPTER_SHAPE', `${shapesOf(module)} have no rank in common`);
  }
  const [out = 0] = b1.shape;
  requireSizes(module, site, [out, b2.data.length / rank]);
  requireSizes(module, site, [out, channels * kernelTaps(site)]);
  requireSizes(module, site, [out, (a2.data.length / rank) * kernelTaps(site)]);
  const scale = scaleOf(strengthOf(module, rank), rank);
  return {
    site,
    method: 'glora',
    options: { rank },
    parameters: { a1: multiplied(a1, scale), a2, b1: multiplied(b1, scale), b2 },
  };
}

/** In the order of today: at first a1, a2 and b1, b2 stood for each other. */
function factorsOf(module: ForeignModule, site: Site): Factors {
  const matrix = (role: keyof Factors) => asMatrix(requiredTensor(module, role));
  const [a1, a2, b1, b2] = [matrix('a1'), matrix('a2'), matrix('b1'), matrix('b2')];
  const channels = site.in / kernelTaps(site);
  const isOfToday = a1.shape[0] === channels && b1.shape[0] === site.out;
  const isOfFirst = a2.shape[0] === channels && b2.shape[0] === site.out;
  if (!isOfToday && isOfFirst) return { a1: a2, a2: a1, b1: b2, b2: b1 };
  const core = module.tensors.get('bm');
  return { a1, a2, b1, b2: core === undefined ? b2 : foldedCore(core, b2) };
}

/** The scale is in the factors. */
function writeGlora(site: Site, { rank }: Options, parameters: Parameters): WrittenTensors {
  const { a1, a2, b1, b2 } = parameters;
  invariant(!!a1 && !!a2 && !!b1 && !!b2, 'a GLoRA has four factors');
  const pointwise = (matrix: Tensor<'f32'>) =>
    site.kernel === undefined ? matrix : reshaped(matrix, [...matrix.shape, 1, 1]);
  return {
    algorithm: 'glora',
    ranked: { rank: Number(rank), alpha: Number(rank), rankStabilized: false },
    tensors: {
      a1: pointwise(a1),
      a2: pointwise(a2),
      b1: pointwise(b1),
      b2: withKernel(b2, site),
    },
  };
}
