/** @file BLIP-Diffusion's tuning: the whole UNet, and a word that starts as what a Q-former sees (Li et al. 2023, sec. 3.3). */
import { fullDelta } from '../algebra/full-delta.ts';

export const blipDiffusion = fullDelta({
  name: 'blip-diffusion',
  title: 'Every weight of the UNet, and a word from the pictures (BLIP-Diffusion)',
  kinds: ['linear', 'convolution', 'vector'],
  defaults: {
    targets: ['unet'],
    ...{ newToken: true, wordFrom: 'pictures' },
    // Of the authors' own tuning.
    ...{ learningRate: 5e-6, steps: 40, batchSize: 3 },
  },
});
