/** @file Full differences in LyCORIS' files: of a weight and its bias, or of a norm's scale and shift. */
import { fullChange } from '../../adapters/index.ts';
import { invariant } from '../../base/errors.ts';
import type { Site } from '../../nn/index.ts';
import { reshaped } from '../../tensor/tensor.ts';
import type { Role } from '../names/tensor-names.ts';
import {
  type ForeignModule,
  requiredSite,
  requireSizes,
  type SiteReading,
} from './foreign-module.ts';
import { withKernel } from './matrices.ts';
import type { ForeignMethod, Parameters } from './method-record.ts';
import type { Options, WrittenTensors } from './written-module.ts';

export const fullTensors: ForeignMethod = {
  title: 'full difference',
  signs: ['diff', 'diff_b', 'w_norm', 'b_norm'],
  read: (module) => [
    // A norm's scale is a vector, which some tools write as they write matrices.
    ...difference(module, 'diff', module.site() === undefined ? 'weight' : undefined),
    ...difference(module, 'diff_b', 'bias'),
    ...difference(module, 'w_norm', 'weight'),
    ...difference(module, 'b_norm', 'bias'),
  ],
  write: { dreambooth: writeFull, 'custom-diffusion': writeFull, 'blip-diffusion': writeFull },
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

function writeFull(site: Site, _options: Options, { delta }: Parameters): WrittenTensors {
  invariant(delta !== undefined, 'a full difference has delta');
  if (site.kind !== 'vector') {
    return { algorithm: 'full', tensors: { diff: withKernel(delta, site) } };
  }
  const vector = reshaped(delta, [site.out]);
  return site.name.endsWith('.bias')
    ? { algorithm: 'full', tensors: { diff_b: vector } }
    : { algorithm: 'full', tensors: { w_norm: vector } };
}
