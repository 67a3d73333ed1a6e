/** @file What graphics devices of invented limits take of Stable Diffusion 1.5, worked out from its configurations. */
import { beforeAll, describe, expect, test } from 'vitest';
import { largestValues } from '../../graph/index.ts';
import { type DeviceLimits, targetOn } from '../../runtime/index.ts';
import type { BaseModel } from '../base/base-model.ts';
import { openOutline } from '../base/base-outline.ts';
import { decoderProgram } from '../draw/autoencoder.ts';
import { requireDrawable } from '../draw/drawing-memory.ts';
import { promptPart } from '../text/text-encoder.ts';

const tab = 2 ** 32;
const usual = { valueBytes: 2 ** 30, bufferBytes: 2 ** 30, halfFloats: true };
/** What every browser gives. */
const least = { valueBytes: 2 ** 27, bufferBytes: 2 ** 28, halfFloats: true };

describe('Stable Diffusion 1.5', () => {
  let outline: BaseModel;
  beforeAll(async () => {
    outline = await openOutline('sd15');
  });

  /** Why pictures are not drawn; undefined where they are. */
  function refusal(limits: DeviceLimits, side: number, batch = 1): string | undefined {
    const base = { ...outline, device: 'webgpu' as const, limits };
    const size = { width: side, height: side };
    try {
      requireDrawable(base, { batch, size, guidance: { scale: 7.5 } }, tab);
      return undefined;
    } catch (error) {
      expect(error).toMatchObject({ name: 'ConfigError', code: 'DEVICE_LIMITS' });
      return String(error);
    }
  }

  test('is drawn at 512 pixels where a gigabyte is taken in one piece', () => {
    expect(refusal(usual, 512)).toBeUndefined();
  });

  test('is refused at 512 pixels where 128 MiB are, with the largest size, which is not', () => {
    // The decoder's: 256 channels of 512 x 512.
    const { computed } = largestValues(decoderProgram(outline, { width: 512, height: 512 }));
    expect(computed?.shape.reduce((product, side) => product * side)).toBe(256 * 512 * 512);
    const message = refusal(least, 512);
    expect(message).toContain('at most 134 MB in one piece');
    const [, side = ''] = /that fits is (\d+) x/.exec(message ?? '') ?? [];
    expect(256 * Number(side) ** 2 * 4).toBeLessThanOrEqual(2 ** 27);
    expect(refusal(least, Number(side))).toBeUndefined();
  });

  test('is refused in batches whose largest value is beyond 128 MiB, with the largest batch', () => {
    // Of a feed-forward: 1,024 tokens of 2,560 numbers, twice for each picture.
    const most = Math.floor(2 ** 27 / (2 * 1024 * 2560 * 4));
    expect(refusal(least, 256, most)).toBeUndefined();
    expect(refusal(least, 256, 2 * most)).toContain(`largest batch that fits is ${most}`);
  });

  test('is refused for a weight that is too large, wherever its values would fit', () => {
    const message = refusal({ ...least, valueBytes: 100e6 }, 64);
    expect(message).toContain('conv1 is f32[1280, 2560, 3, 3], which takes 118 MB');
    expect(message).toContain('at most 100 MB');
  });

  test('keeps its table of tokens, of which rows are only taken, up to the largest buffer', () => {
    const { any, fixed } = largestValues(promptPart(outline).program);
    expect(any?.shape).toEqual([49408, 768]);
    expect(fixed?.shape).not.toEqual([49408, 768]);
  });

  test('without half floats is refused where its widened weights do not fit a tab', () => {
    const message = refusal({ ...usual, halfFloats: false }, 256);
    expect(message).toContain('1.72 GB in half precision');
    expect(message).toContain('there are 4.30 GB');
    expect(message).toContain('`device: cpu`');
  });
});

test('attention is written in parts of what a device takes, and of no more than all do', () => {
  expect(targetOn('webgpu', { ...least, valueBytes: 2 ** 26 }).largestValue).toBe(2 ** 26);
  expect(targetOn('webgpu', usual)).toEqual(targetOn('webgpu'));
  expect(targetOn('cpu')).toMatchObject({ fusedAttention: true });
});
