/** @file Settings that count only beside another one. */
import { ConfigError } from '../../base/errors.ts';
import type { TrainConfig } from '../train-options.ts';

type Dependent =
  | ('captions' | 'concept' | 'captionLines' | 'shuffleTags' | 'keepTokens')
  | ('masks' | 'maskImages' | 'normalizeMasks');

/**
 * Refuses settings that nothing would heed.
 *
 * @throws ConfigError SETTING_UNHEEDED naming what it counts with
 */
export function requireHeeded(config: Pick<TrainConfig, Dependent>): void {
  const { captions, concept = [], captionLines, shuffleTags, keepTokens } = config;
  const { masks, maskImages } = config;
  const areCaptioned = captions || concept.some((further) => further.captions);
  const areFiles = masks === 'files' || masks === 'auto';
  const unheeded = [
    ['captionLines', captionLines && !areCaptioned, '`captions`'],
    ['keepTokens', keepTokens > 0 && shuffleTags === undefined, '`shuffleTags: 8`'],
    ['maskImages', maskImages !== undefined && !areFiles, '`masks: files` or `masks: auto`'],
    ['normalizeMasks', config.normalizeMasks && masks === 'none', '`masks: auto`'],
  ] as const;
  for (const [name, isUnheeded, other] of unheeded) {
    if (!isUnheeded) continue;
    throw new ConfigError(
      'SETTING_UNHEEDED',
      `${name}: expected ${other} with it, without which nothing heeds it; give that too, or leave \`${name}\` out`,
    );
  }
}
