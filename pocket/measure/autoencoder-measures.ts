/** @file How near pictures come back to themselves through the autoencoder. */
import { combination } from '../../src/diffusion/combination.ts';
import { mean } from '../../src/metrics/cosine.ts';
import type { BaseModel } from '../../src/pipeline/base/base-model.ts';
import { ImageDecoder, ImageEncoder } from '../../src/pipeline/draw/autoencoder.ts';
import { centred, pictureBatch } from '../scene-pool.ts';
import { renderScenes } from '../world/render-scenes.ts';
import { pictureSize, unseenScenes } from './unseen-scenes.ts';

/** Mean peak signal to noise of unseen scenes, through the means of their latents: dB of the range of pixels. */
export async function measureAutoencoder(base: BaseModel, count = 128): Promise<number> {
  const size = { width: pictureSize, height: pictureSize };
  await using encoder = await ImageEncoder.open(base, size);
  await using decoder = await ImageDecoder.open(base, size);
  const { scalingFactor } = base.vae.config;
  const scenes = unseenScenes(
    102,
    Array.from({ length: count }, () => ({})),
  );
  const ratios: number[] = [];
  for (const pixels of await renderScenes(scenes, pictureSize)) {
    const picture = pictureBatch({ size: pictureSize, scenes: [], pixels }, [0], centred);
    const { mean: latents } = await encoder.encode(picture);
    const back = await decoder.decode(combination([scalingFactor, latents]));
    const squares = picture.data.map((value, i) => {
      const clamped = Math.max(-1, Math.min(1, back.data[i] ?? 0));
      return ((value - clamped) / 2) ** 2;
    });
    ratios.push(-10 * Math.log10(mean(squares)));
  }
  return mean(ratios);
}
