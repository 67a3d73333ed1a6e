/** @file Full differences as LyCORIS writes them: of a weight and its bias, or of a norm's scale and shift. */
import { fullChange } from '../../adapters/index.ts';
import { reshaped } from '../../tensor/tensor.ts';
import type { Role } from '../names/tensor-names.ts';
import {
  type ForeignModule,
  type MethodReader,
  requiredSite,
  requireSizes,
  type SiteReading,
} from './foreign-module.ts';

export const fullReader: MethodReader = {
  title: 'full difference',
  signs: ['diff', 'diff_b', 'w_norm', 'b_norm'],
  read: (module) => [
    // A norm's scale is a vector, which some tools write as they write matrices.
    ...difference(module, 'diff', module.site() === undefined ? 'weight' : undefined),
    ...difference(module, 'diff_b', 'bias'),
    ...difference(module, 'w_norm', 'weight'),
    ...difference(module, 'b_norm', 'bias'),
  ],
};

function difference(
  module: ForeignModule,
  role: Role,
  vector: 'weight' | 'bias' | undefined,
): readonly SiteReading[] {
  const stored = module.tensors.get(role);
  if (stored === undefined) return [];
  const site = requiredSite(module, vector);
  const [out = 0] = stored.shape;
  requireSizes(module, site, [out, stored.data.length / out]);
  return [fullChange(site, reshaped(stored, [site.out, site.in]))];
}
