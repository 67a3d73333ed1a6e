/** @file LoRA, LoCon and DoRA in other tools' files: ΔW = (α/r)·up down, with a core between them for convolutions. */
import { fullChange } from '../../adapters/index.ts';
import { invariant } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import type { Site } from '../../nn/index.ts';
import { matmul } from '../../tensor/linear-algebra/host-matrices.ts';
import { reshaped } from '../../tensor/tensor.ts';
import { scaleOf, strengthOf } from '../strength/strength.ts';
import {
  type ForeignModule,
  magnitudeOf,
  refusal,
  requiredSite,
  requiredTensor,
  requireSizes,
  type SiteReading,
  shapesOf,
} from './foreign-module.ts';
import { asMatrix, foldedCore, multiplied, withKernel } from './matrices.ts';
import type { ForeignMethod, Parameters } from './method-record.ts';
import { isPublished, readPublished } from './published-krona.ts';
import { magnitudeSide, type Options, rankedBy, type WrittenTensors } from './written-module.ts';

export const loraTensors: ForeignMethod = {
  title: 'LoRA',
  signs: ['down', 'up'],
  others: ['mid', 'magnitude', 'alpha'],
  read: (module) => [isPublished(module) ? readPublished(module) : readLora(module)],
  write: { lora: writeLora },
};

function readLora(module: ForeignModule): SiteReading {
  const site = requiredSite(module);
  const core = module.tensors.get('mid');
  const down = asMatrix(requiredTensor(module, 'down'));
  const b = asMatrix(requiredTensor(module, 'up'));
  const a = core === undefined ? down : foldedCore(core, down);
  const [out = 0, rank = 0] = b.shape;
  if (a.shape[0] !== rank) {
    throw refusal(
      module,
      'ADAPTER_SHAPE',
      `${shapesOf(module)} have no rank in common, and are no Kronecker factors of ${site.name} (${site.out} x ${site.in}) either`,
    );
  }
  requireSizes(module, site, [out, required(a.shape, 1)]);
  const magnitude = magnitudeOf(module, site);
  const strength = strengthOf(module, rank);
  if (rank > Math.min(site.out, site.in) && !('dora' in magnitude.options)) {
    // A rank that a matrix cannot have, such as of a last layer with four outputs: more numbers than ΔW itself.
    return fullChange(site, multiplied(matmul(b, a), scaleOf(strength, rank)));
  }
  const { sign, ...stated } = strength;
  const options = { rank, ...stated, ...magnitude.options };
  const parameters = { A: a, B: multiplied(b, sign), ...magnitude.parameters };
  return { site, method: 'lora', options, parameters };
}

function writeLora(site: Site, options: Options, parameters: Parameters): WrittenTensors {
  const { A, B, magnitude } = parameters;
  invariant(A !== undefined && B !== undefined, 'a LoRA has A and B');
  return {
    algorithm: 'lora',
    ...magnitudeSide(options),
    ranked: rankedBy(options),
    tensors: {
      down: withKernel(A, site),
      up: site.kernel === undefined ? B : reshaped(B, [...B.shape, 1, 1]),
      ...(magnitude === undefined ? {} : { magnitude }),
    },
  };
}
