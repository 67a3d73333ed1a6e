import { describe, expect, test } from 'vitest';
import { fixturePath } from '../../../test/fixtures.ts';
import { sinusoids } from '../../models/unet/time-features.ts';
import { float32 } from '../../tensor/tensor.ts';
import { type BaseModel, requireFitting } from '../base/base-model.ts';
import { openBaseModel, openText, openUNet } from '../base/open-base.ts';
import { conditioningOf, joinedConditioning, uncropped } from './conditioning.ts';

const plain = await openBaseModel('pocket');
const [{ tokenizer } = { tokenizer: undefined }] = plain.textEncoders;
if (tokenizer === undefined) throw new Error('the bundled model has a tokenizer');
const doubled: BaseModel = {
  ...plain,
  unet: await openUNet(fixturePath('unet-sdxl')),
  textEncoders: [
    { ...(await openText(fixturePath('clip-text'))), tokenizer },
    { ...(await openText(fixturePath('openclip-text-proj'))), tokenizer },
  ],
};

/** The same with room for five numbers: what tells SDXL's refiner from its base. */
function refiner(): BaseModel {
  const { config, weights } = doubled.unet;
  const addition = { timeSize: 8, featureSize: 24 + 5 * 8 };
  return { ...doubled, unet: { config: { ...config, addition }, weights } };
}

const text = {
  states: float32([1, 77, 96], new Float32Array(77 * 96).fill(0.5)),
  pooled: float32([1, 24], new Float32Array(24).fill(0.25)),
};
const framing = {
  original: { height: 1024, width: 768 },
  crop: { top: 16, left: 32 },
  target: { height: 64, width: 48 },
};

describe('conditioning', () => {
  test('is the text states alone where the UNet takes nothing else', () => {
    expect(conditioningOf(plain, text, { framing })).toEqual({ text, sizes: undefined });
  });

  test('adds the sinusoids of sizes for SDXL, row after row', () => {
    const one = conditioningOf(doubled, text, { framing });
    const sizes = sinusoids([1024, 768, 16, 32, 64, 48], { size: 8 });
    expect(one.sizes?.data).toEqual(sizes.data);
    const other = conditioningOf(doubled, text, { framing: uncropped(framing.target) });
    const both = joinedConditioning([one, other]);
    expect(both.text).toMatchObject({ states: { shape: [2, 77, 96] }, pooled: { shape: [2, 24] } });
    expect(both.sizes?.shape).toEqual([2, 48]);
    expect(both.sizes?.data.subarray(48)).toEqual(other.sizes?.data);
  });

  test('joins texts that are token ids, for every encoder', () => {
    const parts = [1, 2].map((id) => ({
      text: { ids: [[[id, 0]], [[id, 9]]] },
      sizes: undefined,
    }));
    expect(joinedConditioning(parts).text).toEqual({
      ids: [
        [
          [1, 0],
          [2, 0],
        ],
        [
          [1, 9],
          [2, 9],
        ],
      ],
    });
  });

  test('ends in a score where the UNet takes five numbers', () => {
    const { sizes } = conditioningOf(refiner(), text, { framing, score: 2.5 });
    const score = sinusoids([2.5], { size: 8 });
    expect(sizes?.data.subarray(-8)).toEqual(score.data);
  });
});

describe('parts that come from different models are refused:', () => {
  const refusal = (base: BaseModel, part: string): void =>
    expect(() => requireFitting(base)).toThrow(
      expect.objectContaining({ code: 'PARTS_DIFFER', message: expect.stringContaining(part) }),
    );

  test('one text encoder where the UNet takes two', () =>
    refusal({ ...doubled, textEncoders: doubled.textEncoders.slice(1) }, 'gives 48'));

  test('another order, whose pooled text has another size', () =>
    refusal(
      { ...doubled, textEncoders: doubled.textEncoders.toReversed() },
      'takes 72 features of pooled text and sizes, the last text encoder gives 48',
    ));
});
