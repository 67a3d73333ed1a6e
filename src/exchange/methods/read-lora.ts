/** @file LoRA, LoCon and DoRA as other tools write them: ΔW = (α/r)·up down, with a core between them for convolutions. */
import { fullChange } from '../../adapters/index.ts';
import { matmul, transpose2d } from '../../tensor/linear-algebra/host-matrices.ts';
import {
  type ForeignModule,
  type MethodReader,
  magnitudeOf,
  refusal,
  requiredSite,
  requiredTensor,
  requireSizes,
  type SiteReading,
  shapesOf,
} from './foreign-module.ts';
import { asMatrix, foldedCore, multiplied } from './matrices.ts';
import { scaleOf, strengthOf } from './strength.ts';

export const loraReader: MethodReader = {
  title: 'LoRA',
  signs: ['down', 'up'],
  others: ['mid', 'magnitude', 'alpha'],
  read: (module) => [isKronecker(module) ? readPublished(module) : readLora(module)],
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
  requireSizes(module, site, [out, a.shape[1] ?? 0]);
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

/** Whether down [a2, a1] and up [b1, b2] are Kronecker factors; a LoRA has down [r, in] and up [out, r]. */
function isKronecker(module: ForeignModule): boolean {
  const site = module.site();
  const [a2 = 0, a1 = 0, ...kernel] = module.tensors.get('down')?.shape ?? [];
  const [b1 = 0, b2 = 0] = module.tensors.get('up')?.shape ?? [];
  if (site === undefined || kernel.length > 0 || (a2 === b2 && a1 === site.in)) return false;
  return a1 * b1 === site.out && a2 * b2 === site.in;
}

/** The published DiffuseKronA: down is Aᵀ, up is B, and the rows of the product are permuted. */
function readPublished(module: ForeignModule): SiteReading {
  const down = requiredTensor(module, 'down');
  const [a2 = 1, a1 = 1] = down.shape;
  return {
    site: requiredSite(module),
    method: 'krona',
    options: { a1, a2, layout: 'reference' },
    parameters: { A: transpose2d(down), B: requiredTensor(module, 'up') },
  };
}
