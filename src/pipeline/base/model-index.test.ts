import { describe, expect, test } from 'vitest';
import { parseModelIndex } from './model-index.ts';

const encoder = ['transformers', 'CLIPTextModel'];
const first = { encoder: 'text_encoder', tokenizer: 'tokenizer' };
const second = { encoder: 'text_encoder_2', tokenizer: 'tokenizer_2' };

describe('a model_index.json', () => {
  test('of Stable Diffusion has one text encoder and encodes an empty negative prompt', () => {
    const index = { _class_name: 'StableDiffusionInpaintPipeline', text_encoder: encoder };
    expect(parseModelIndex(index, 'x')).toEqual({ textEncoders: [first], zeroNegative: false });
  });

  test('of Stable Diffusion XL has two, and zeros for an empty negative prompt unless it says', () => {
    const index = {
      _class_name: 'StableDiffusionXLPipeline',
      text_encoder: encoder,
      text_encoder_2: encoder,
    };
    const textEncoders = [first, second];
    expect(parseModelIndex(index, 'x')).toEqual({ textEncoders, zeroNegative: true });
    const stated = { ...index, force_zeros_for_empty_prompt: false };
    expect(parseModelIndex(stated, 'x')).toEqual({ textEncoders, zeroNegative: false });
  });

  test('of the refiner has the second encoder only', () => {
    const index = {
      _class_name: 'StableDiffusionXLImg2ImgPipeline',
      text_encoder: [null, null],
      text_encoder_2: encoder,
      force_zeros_for_empty_prompt: false,
    };
    expect(parseModelIndex(index, 'x')).toEqual({ textEncoders: [second], zeroNegative: false });
  });

  test.each([{ _class_name: 'FluxPipeline' }, {}, null])('of %o is refused', (index) => {
    expect(() => parseModelIndex(index, 'x/model_index.json')).toThrow(
      expect.objectContaining({
        code: 'MODEL_UNSUPPORTED',
        message: expect.stringContaining('x/model_index.json: expected a StableDiffusionPipeline'),
      }),
    );
  });
});
