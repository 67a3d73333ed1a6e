/** @file Adapter files of other tools by the names and shapes of their tensors, all of ones, read for Stable Diffusion 1.5. */
import { KronaError } from '../src/base/errors.ts';
import { type ReadOptions, readForeignAdapter } from '../src/exchange/index.ts';
import { float32, type Shape, type Tensor } from '../src/tensor/tensor.ts';
import { familySites } from './family-sites.ts';

export type Shapes = Readonly<Record<string, Shape>>;

export const sd15 = await familySites('sd15');

export function tensorsOf(shapes: Shapes): ReadonlyMap<string, Tensor> {
  return new Map(
    Object.entries(shapes).map(([name, shape]) => {
      const ones = float32(shape);
      ones.data.fill(1);
      return [name, ones] as const;
    }),
  );
}

export function read(shapes: Shapes, options: Partial<ReadOptions> = {}) {
  return readForeignAdapter(tensorsOf(shapes), {}, { sites: sd15, where: 'file', ...options });
}

/** Why it is refused; fails where it is read. */
export function failure(shapes: Shapes, options?: Partial<ReadOptions>): KronaError {
  try {
    read(shapes, options);
  } catch (error) {
    if (error instanceof KronaError) return error;
    throw error;
  }
  throw new Error('it was read');
}
