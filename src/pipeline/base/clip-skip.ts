/** @file Which layer of the text encoders the UNet is told. */
import { ConfigError } from '../../base/errors.ts';
import type { BaseModel } from './base-model.ts';

/** Layers of the smallest published text encoder. */
export const mostSkip = 12;

/**
 * The model, told a layer of its text encoders counted from the last; of SDXL, which is told the one before the last, 1
 * and 2 are the same.
 *
 * @throws ConfigError CLIP_SKIP where an encoder has no such layer
 */
export function withClipSkip<Base extends BaseModel>(base: Base, clipSkip = 1): Base {
  const layers = Math.min(...base.textEncoders.map(({ config }) => config.layers));
  if (clipSkip > layers) {
    throw new ConfigError(
      'CLIP_SKIP',
      `clipSkip: ${base.name} has a text encoder of ${layers} layers, got ${clipSkip}; give at most as many, 2 is usual`,
    );
  }
  return clipSkip === (base.clipSkip ?? 1) ? base : { ...base, clipSkip };
}
