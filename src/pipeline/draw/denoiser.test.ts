import { expect, test } from 'vitest';
import { guided } from '../../diffusion/guidance.ts';
import { elementCount, float32 } from '../../tensor/tensor.ts';
import { textLength } from '../base/base-model.ts';
import { openBaseModel } from '../base/open-base.ts';
import { conditioningOf, uncropped } from '../text/conditioning.ts';
import { TextEncoder } from '../text/text-encoder.ts';
import { latentShape } from './autoencoder.ts';
import { Denoiser, type GuidanceTexts, tokensOf } from './denoiser.ts';

const base = await openBaseModel('pocket');
const size = { height: 64, width: 64 };
const sample = float32(
  latentShape(base, size),
  Float32Array.from({ length: elementCount(latentShape(base, size)) }, (_, i) => Math.sin(i)),
);

async function predicted(texts: GuidanceTexts, scale: number): Promise<Float32Array> {
  const guidance = { scale };
  const tokens = tokensOf(base, texts, { guidance });
  await using denoiser = await Denoiser.open(base, { size, batch: 1, guidance, tokens });
  return (await denoiser.predict(sample, 500, texts)).data;
}

test('a prompt and a negative one of other lengths condition as each of them alone', async () => {
  await using encoder = await TextEncoder.open(base);
  const conditioning = async (prompt: string) =>
    conditioningOf(base, await encoder.encode(prompt, { syntax: 'a1111' }), {
      framing: uncropped(size),
    });
  const [two, three] = await Promise.all(
    ['a red teapot BREAK snow', 'a dog BREAK a cat BREAK a (tree:1.5)'].map(conditioning),
  );
  if (two === undefined || three === undefined) throw new Error('there are two');
  const texts = { prompt: two, negative: three };
  expect(tokensOf(base, texts, { guidance: { scale: 1 } })).toBe(2 * textLength(base));
  expect(tokensOf(base, texts, { guidance: { scale: 3 } })).toBe(6 * textLength(base));
  const together = await predicted(texts, 3);
  const [unconditional, conditional] = [
    await predicted({ prompt: three, negative: three }, 1),
    await predicted({ prompt: two, negative: two }, 1),
  ];
  const shape = sample.shape;
  const apart = guided(float32(shape, unconditional), float32(shape, conditional), { scale: 3 });
  const difference = Math.max(
    ...together.map((value, i) => Math.abs(value - (apart.data[i] ?? 0))),
  );
  // Softmaxes over two and three chunks of states, and over six, each in float32, differ in their last bits.
  expect(difference).toBeLessThan(1e-4);
});
