/** @file What the frozen UNet of a base is computed with. */
import * as z from 'zod';
import { ConfigError } from '../../base/errors.ts';
import { shown } from '../../base/settings/setting-place.ts';
import { withEightBits } from '../../models/eight-bit-weights.ts';
import type { EightBitUse } from '../../nn/eight-bit-weight.ts';
import type { BaseModel } from '../base/base-model.ts';

export const basePrecisions = ['stored', 'int8', 'int8-weights'] as const;

/** See the setting `basePrecision`. */
export type BasePrecision = (typeof basePrecisions)[number];

/** The setting, as training and drawing have it. */
export const basePrecisionSetting = z
  .enum(basePrecisions)
  .optional()
  .describe('of the frozen UNet on the CPU: int8 is faster, int8-weights takes less memory')
  .meta(shown('machine', 'all'));

/** What each has eight bits of the weights for. */
export const eightBitUse = {
  stored: undefined,
  int8: 'products',
  'int8-weights': 'weights',
} as const satisfies Record<BasePrecision, EightBitUse | undefined>;

/**
 * The model with its UNet in a precision: to plan with, or to compute with once what it takes of eight bits is stored
 * (withStoredPrecision).
 *
 * @throws ConfigError BASE_PRECISION where it computes on anything but the CPU
 */
export function withPrecision<Base extends BaseModel>(
  base: Base,
  precision: BasePrecision = 'stored',
): Base {
  const use = eightBitUse[precision];
  if (use === undefined) return base;
  const { device = 'cpu', unet } = base;
  if (device !== 'cpu') {
    throw new ConfigError(
      'BASE_PRECISION',
      `basePrecision: ${precision} is computed on the CPU alone, not on ${device}; give \`device: cpu\`, or leave \`basePrecision\` out`,
    );
  }
  return { ...base, precision, unet: { ...unet, weights: withEightBits(unet.weights, use) } };
}
