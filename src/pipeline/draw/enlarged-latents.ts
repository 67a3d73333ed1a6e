/** @file Latents at another size: bilinear between their centres, as torch's interpolate with align_corners false. */
import { required } from '../../base/required.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import type { BaseModel } from '../base/base-model.ts';
import { latentShape, type PictureSize } from './autoencoder.ts';

/** Latents [N, C, h, w] at the size of a picture. */
export function enlargedLatents(
  base: BaseModel,
  latents: Tensor<'f32'>,
  size: PictureSize,
): Tensor<'f32'> {
  const [, , height = 0, width = 0] = latentShape(base, size);
  return interpolated(latents, { height, width });
}

/** Two neighbours of a place, and the share of the second. */
interface Between {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

/** [N, C, h, w] at another height and width; places beyond the outermost centres take their values. */
export function interpolated(source: Tensor<'f32'>, { height, width }: PictureSize): Tensor<'f32'> {
  const [count = 0, channels = 0, high = 0, wide = 0] = source.shape;
  const result = float32([count, channels, height, width]);
  const rows = places(high, height);
  const columns = places(wide, width);
  for (let plane = 0; plane < count * channels; plane++) {
    const from = plane * high * wide;
    rows.forEach((row, y) => {
      columns.forEach((column, x) => {
        const across = (line: number) => {
          const start = from + line * wide;
          return mixed(
            required(source.data, start + column.first),
            required(source.data, start + column.second),
            column.share,
          );
        };
        result.data[(plane * height + y) * width + x] = mixed(
          across(row.first),
          across(row.second),
          row.share,
        );
      });
    });
  }
  return result;
}

function mixed(first: number, second: number, share: number): number {
  return (1 - share) * first + share * second;
}

function places(from: number, to: number): readonly Between[] {
  return Array.from({ length: to }, (_, i) => {
    const place = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    const first = Math.min(from - 1, Math.floor(place));
    return { first, second: Math.min(from - 1, first + 1), share: place - first };
  });
}
