/** @file The Kronecker factors of the code published with DiffuseKronA, which stand under LoRA's names. */
import { transpose2d } from '../../tensor/linear-algebra/host-matrices.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import {
  type ForeignModule,
  requiredSite,
  requiredTensor,
  type SiteReading,
} from './foreign-module.ts';
import type { WrittenTensors } from './written-module.ts';

/** Whether down [a2, a1] and up [b1, b2] are Kronecker factors; a LoRA has down [r, in] and up [out, r]. */
export function isPublished(module: ForeignModule): boolean {
  const site = module.site();
  const [a2 = 0, a1 = 0, ...kernel] = module.tensors.get('down')?.shape ?? [];
  const [b1 = 0, b2 = 0] = module.tensors.get('up')?.shape ?? [];
  if (site === undefined || kernel.length > 0 || (a2 === b2 && a1 === site.in)) return false;
  return a1 * b1 === site.out && a2 * b2 === site.in;
}

/** The published DiffuseKronA: down is Aᵀ, up is B, and the rows of the product are permuted. */
export function readPublished(module: ForeignModule): SiteReading {
  const down = requiredTensor(module, 'down');
  const [a2 = 1, a1 = 1] = down.shape;
  return {
    site: requiredSite(module),
    method: 'krona',
    options: { a1, a2, layout: 'reference' },
    parameters: { A: transpose2d(down), B: requiredTensor(module, 'up') },
  };
}

/** A and B of the layout "reference". */
export function writePublished(A: Tensor<'f32'>, B: Tensor<'f32'>, scale: number): WrittenTensors {
  return { algorithm: 'published', scale, tensors: { down: transpose2d(A), up: B } };
}
