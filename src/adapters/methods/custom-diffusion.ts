/** @file Custom Diffusion: keys and values of cross-attention, and a new token (Kumari et al. 2023). */
import { fullDelta } from '../algebra/full-delta.ts';

export const customDiffusion = fullDelta({
  name: 'custom-diffusion',
  title: 'Keys and values of cross-attention, and a new token (Custom Diffusion)',
  defaults: { targets: ['attn2.to_k', 'attn2.to_v'], newToken: true, learningRate: 1e-5 },
});
