/** @file Conditioning of random numbers, in the shapes that a model takes. */
import { type BaseModel, pooledSize, textLength } from '../src/pipeline/base/base-model.ts';
import type { Conditioning } from '../src/pipeline/text/conditioning.ts';
import type { Shape, Tensor } from '../src/tensor/tensor.ts';

export function randomConditioning(
  base: BaseModel,
  batch: number,
  normal: (shape: Shape) => Tensor<'f32'>,
): Conditioning {
  const { contextSize, addition } = base.unet.config;
  const pooled = pooledSize(base);
  return {
    text: {
      states: normal([batch, textLength(base), contextSize]),
      pooled: addition && normal([batch, pooled]),
    },
    sizes: addition && normal([batch, addition.featureSize - pooled]),
  };
}
