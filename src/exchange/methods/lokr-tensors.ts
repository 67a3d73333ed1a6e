/** @file LoKr in the files of LyCORIS, sd-scripts and PEFT: ΔW = γ·w1 ⊗ w2, either a low-rank product, w2 with a core too. */
import * as z from 'zod';
import { AdapterError, invariant } from '../../base/errors.ts';
import { kernelTaps, type Site } from '../../nn/index.ts';
import { matmul, transpose2d } from '../../tensor/linear-algebra/host-matrices.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { scaleOf, strengthOf } from '../strength/strength.ts';
import {
  type ForeignModule,
  magnitudeOf,
  requiredSite,
  requiredTensor,
  requireSizes,
  type SiteReading,
} from './foreign-module.ts';
import { asMatrix, foldedCore, multiplied, withKernel } from './matrices.ts';
import { type ForeignMethod, type Parameters, prefixed } from './method-record.ts';
import { writePublished } from './published-krona.ts';
import { magnitudeSide, type Options, rankedBy, type WrittenTensors } from './written-module.ts';

export const lokrTensors: ForeignMethod = {
  title: 'LoKr',
  signs: ['lokr_w1', 'lokr_w1_a', 'lokr_w1_b', 'lokr_w2', 'lokr_w2_a', 'lokr_w2_b'],
  others: ['lokr_t2', 'magnitude', 'alpha'],
  read: (module) => [readLokr(module)],
  write: { lokr: writeLokr, krona: writeKrona },
};

/** A full matrix, or the two whose product it is. */
type Factor = readonly [Tensor<'f32'>] | readonly [Tensor<'f32'>, Tensor<'f32'>];

function readLokr(module: ForeignModule): SiteReading {
  const site = requiredSite(module);
  const [w1, w2] = [factorOf(module, 1), factorOf(module, 2)];
  const [l, m] = sizeOf(w1);
  const [k, n] = sizeOf(w2);
  requireSizes(module, site, [l * k, m * n]);
  const magnitude = magnitudeOf(module, site);
  const factors = { '*': [l, m] };
  const [inner] = [w2, w1].flatMap(([, second]) => second ?? []);
  const rank = inner?.shape[0];
  const strength = rank === undefined ? undefined : strengthOf(module, rank);
  if (rank !== undefined && strength !== undefined && isByRule(site, rank, w1, w2)) {
    const { sign, ...scaled } = strength;
    const [first, ...second] = w1;
    const decomposeBoth = w1[1] !== undefined;
    return {
      site,
      method: 'lokr',
      options: { factors, rank, ...scaled, decomposeBoth, ...magnitude.options },
      parameters: {
        ...named('w1', [multiplied(first, sign), ...second] as Factor),
        ...named('w2', w2),
        ...magnitude.parameters,
      },
    };
  }
  const scale =
    rank === undefined || strength === undefined ? fullScale(module) : scaleOf(strength, rank);
  const [A, B] = [product(w1), product(w2)];
  return 'magnitude' in magnitude.parameters
    ? {
        site,
        method: 'lokr',
        options: { factors, full: true, scale, ...magnitude.options },
        parameters: { w1: A, w2: B, ...magnitude.parameters },
      }
    : { site, method: 'krona', options: { a1: l, a2: m, scale }, parameters: { A, B } };
}

/** PEFT multiplies by alpha / r whatever the factors; the others only where one of them is a product. */
function fullScale({ peft }: ForeignModule): number {
  return peft === undefined ? 1 : peft.alpha / peft.rank;
}

function factorOf(module: ForeignModule, which: 1 | 2): Factor {
  const whole = module.tensors.get(`lokr_w${which}`);
  if (whole !== undefined) return [asMatrix(whole)];
  const a = requiredTensor(module, `lokr_w${which}_a`);
  const b = requiredTensor(module, `lokr_w${which}_b`);
  const core = which === 2 ? module.tensors.get('lokr_t2') : undefined;
  return core === undefined ? [a, asMatrix(b)] : [transpose2d(a), foldedCore(core, b)];
}

/** Rows and columns. */
function sizeOf([a, b = a]: Factor): readonly [number, number] {
  // Sizes that a file's tensors lack are refused with those that do not fit.
  const [rows = 0] = a.shape;
  const [, columns = 0] = b.shape;
  return [rows, columns];
}

/** Whether exactly those factors are products that our method would make products at this rank. */
function isByRule(site: Site, rank: number, w1: Factor, w2: Factor): boolean {
  const taps = kernelTaps(site);
  const [k, n] = sizeOf(w2);
  const isSecond = rank < Math.max(k, n / taps) / 2;
  const isFirst = rank < Math.max(...sizeOf(w1)) / 2;
  const sameRank = w1[1] === undefined || w1[1].shape[0] === rank;
  return sameRank && (w2[1] !== undefined) === isSecond && (w1[1] === undefined || isFirst);
}

function named(name: 'w1' | 'w2', [a, b]: Factor): Record<string, Tensor<'f32'>> {
  return b === undefined ? { [name]: a } : { [`${name}_a`]: a, [`${name}_b`]: b };
}

function product([a, b]: Factor): Tensor<'f32'> {
  return b === undefined ? a : matmul(a, b);
}

const kronaOptions = z.object({
  layout: z.enum(['kron', 'reference']),
  scale: z.number(),
  terms: z.number().default(1),
});

function writeKrona(site: Site, options: Options, { A, B }: Parameters): WrittenTensors {
  const { layout, scale, terms } = kronaOptions.parse(options);
  if (terms > 1) {
    throw new AdapterError(
      'FORMAT_UNFIT',
      `no other tool knows sums of Kronecker products, and ${site.name} has one of ${terms}; convert it to a LoRA, which holds it exactly, or merge it into a checkpoint`,
    );
  }
  invariant(A !== undefined && B !== undefined, 'a KronA has A and B');
  // With one row in either factor there is nothing to permute.
  if (layout === 'kron' || A.shape[0] === 1 || B.shape[0] === 1) {
    return { algorithm: 'lokr', scale, tensors: { lokr_w1: A, lokr_w2: withKernel(B, site) } };
  }
  return writePublished(A, B, scale);
}

function writeLokr(site: Site, options: Options, parameters: Parameters): WrittenTensors {
  const { scale } = z.object({ scale: z.number() }).parse(options);
  const { rank, alpha, rankStabilized } = rankedBy(options);
  const { w2, ...others } = parameters;
  return {
    algorithm: 'lokr',
    ...magnitudeSide(options),
    ...('w1' in parameters && w2 !== undefined
      ? { scale }
      : { ranked: { rank, alpha: alpha * scale, rankStabilized } }),
    tensors: prefixed('lokr_', {
      ...others,
      ...(w2 === undefined ? {} : { w2: withKernel(w2, site) }),
    }),
  };
}
