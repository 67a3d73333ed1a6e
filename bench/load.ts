/** @file From a name to a UNet that is ready: configurations, headers, tracing, compiling, the session. */
import { openBaseModel } from '../src/pipeline/base/open-base.ts';
import { Denoiser } from '../src/pipeline/draw/denoiser.ts';
import type { OpenSubject } from './options.ts';

export const openLoad: OpenSubject = async ({ base: name, resolution, batch }) => ({
  run: async () => {
    const base = await openBaseModel(name);
    const side = resolution ?? base.unet.config.sampleSize * base.vae.config.downsampling;
    const size = { height: side, width: side };
    await using _ = await Denoiser.open(base, { size, batch, guidance: { scale: 7.5 } });
  },
  [Symbol.asyncDispose]: async () => {},
});
