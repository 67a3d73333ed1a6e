import { describe, expect, test } from 'vitest';
import type { WeightPlace } from '../../storage/weights/weight-place.ts';
import { recognize } from './kinds.ts';

/** Places of a file that holds tensors of these shapes. */
function holding(shapes: Readonly<Record<string, readonly number[]>>): Map<string, WeightPlace> {
  return new Map(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      { file: 'x', entry: { name, dtype: 'f32', shape, offset: 0, byteLength: 0 } },
    ]),
  );
}

const checkpoint = (channels: number, key: string, contextSize: number) =>
  holding({
    'model.diffusion_model.input_blocks.0.0.weight': [320, channels, 3, 3],
    [`model.diffusion_model.${key}.transformer_blocks.0.attn2.to_k.weight`]: [320, contextSize],
  });

describe('a checkpoint is recognised by its UNet', () => {
  test.each([
    ['sd1', 4, 'input_blocks.1.1', 768],
    ['sd1', 9, 'input_blocks.1.1', 768],
    ['sd2', 4, 'input_blocks.1.1', 1024],
    ['sd2', 9, 'input_blocks.1.1', 1024],
    ['sdxl', 4, 'input_blocks.4.1', 2048],
    ['sdxlRefiner', 4, 'input_blocks.4.1', 1280],
  ])('as %s with %i channels', (name, inChannels, key, contextSize) => {
    expect(recognize(checkpoint(inChannels, key, contextSize), 'x')).toEqual({ name, inChannels });
  });
});

describe('refused, with what it is:', () => {
  const refusal = (places: Map<string, WeightPlace>, code: string, part: string): void =>
    expect(() => recognize(places, 'x.ckpt')).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(part) }),
    );

  test('other text states', () =>
    refusal(checkpoint(4, 'input_blocks.1.1', 4096), 'MODEL_UNSUPPORTED', '4096; known are 768'));
  test('a UNet guided by depth', () =>
    refusal(checkpoint(5, 'input_blocks.1.1', 1024), 'MODEL_UNSUPPORTED', 'guided by depth'));
  test('an adapter', () =>
    refusal(holding({ 'lora_unet_x.lora_up.weight': [4] }), 'NOT_A_MODEL', 'adapter'));
  test('a part of a diffusers folder', () =>
    refusal(holding({ 'down_blocks.0.x.weight': [4] }), 'NOT_A_MODEL', 'model_index.json'));
  test('something else', () =>
    refusal(holding({ 'a.weight': [4] }), 'NOT_A_MODEL', 'found a.weight; give a checkpoint'));
});
