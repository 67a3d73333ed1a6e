/** @file DreamBooth: the whole network is trained (Ruiz et al. 2023). */
import { fullDelta } from '../algebra/full-delta.ts';

export const dreambooth = fullDelta({
  name: 'dreambooth',
  title: 'Every weight of the UNet (DreamBooth)',
  kinds: ['linear', 'convolution', 'vector'],
  defaults: { targets: ['unet'], learningRate: 5e-6 },
});
