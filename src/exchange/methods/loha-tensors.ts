/** @file LoHa in the files of LyCORIS and PEFT: ΔW = (α/r)·(w1_a w1_b) ⊙ (w2_a w2_b), each with a core for convolutions. */
import type { Site } from '../../nn/index.ts';
import { transpose2d } from '../../tensor/linear-algebra/host-matrices.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { strengthOf } from '../strength/strength.ts';
import {
  type ForeignModule,
  magnitudeOf,
  requiredSite,
  requiredTensor,
  requireSizes,
} from './foreign-module.ts';
import { asMatrix, foldedCore, multiplied } from './matrices.ts';
import { type ForeignMethod, type Parameters, prefixed } from './method-record.ts';
import { magnitudeSide, type Options, rankedBy, type WrittenTensors } from './written-module.ts';

export const lohaTensors: ForeignMethod = {
  title: 'LoHa',
  signs: ['hada_w1_a', 'hada_w1_b', 'hada_w2_a', 'hada_w2_b'],
  others: ['hada_t1', 'hada_t2', 'magnitude', 'alpha'],
  read(module) {
    const site = requiredSite(module);
    const first = factors(module, 1);
    const second = factors(module, 2);
    const [out = 0, rank = 0] = first.a.shape;
    const [, columns = 0] = first.b.shape;
    requireSizes(module, site, [out, columns]);
    const magnitude = magnitudeOf(module, site);
    const { sign, ...strength } = strengthOf(module, rank);
    return [
      {
        site,
        method: 'loha',
        options: { rank, ...strength, ...magnitude.options },
        parameters: {
          w1_a: multiplied(first.a, sign),
          w1_b: first.b,
          w2_a: second.a,
          w2_b: second.b,
          ...magnitude.parameters,
        },
      },
    ];
  },
  write: { loha: writeLoha },
};

/** [out, r] and [r, in]; with a core they are stored as [r, out] and [r, in channels]. */
function factors(
  module: ForeignModule,
  which: 1 | 2,
): { readonly a: Tensor<'f32'>; readonly b: Tensor<'f32'> } {
  const a = requiredTensor(module, `hada_w${which}_a`);
  const b = requiredTensor(module, `hada_w${which}_b`);
  const core = module.tensors.get(`hada_t${which}`);
  return core === undefined ? { a, b: asMatrix(b) } : { a: transpose2d(a), b: foldedCore(core, b) };
}

function writeLoha(_site: Site, options: Options, parameters: Parameters): WrittenTensors {
  return {
    algorithm: 'loha',
    ...magnitudeSide(options),
    ranked: rankedBy(options),
    tensors: prefixed('hada_', parameters),
  };
}
