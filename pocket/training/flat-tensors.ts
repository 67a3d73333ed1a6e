/** @file Tensors side by side in one block of numbers, which threads can share. */
import { elementCount, float32, type Shape, type Tensor } from '../../src/tensor/tensor.ts';

/** Shapes by name; the order is that of the block. */
export type Shapes = ReadonlyMap<string, Shape>;

/** Numbers that a block for those shapes holds. */
export function flatLength(shapes: Shapes): number {
  return [...shapes.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
}

/** A copy of every tensor of a block. */
export function unflattened(block: Float32Array, shapes: Shapes): Map<string, Tensor<'f32'>> {
  let start = 0;
  return new Map(
    [...shapes].map(([name, shape]) => {
      const end = start + elementCount(shape);
      const tensor = float32(shape, block.subarray(start, end));
      start = end;
      return [name, tensor];
    }),
  );
}

/** Writes tensors into a block. */
export function flatten(
  tensors: { get(name: string): Tensor<'f32'> | undefined },
  shapes: Shapes,
  block: Float32Array,
): void {
  let start = 0;
  for (const [name, shape] of shapes) {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`internal: no tensor ${name}`);
    block.set(tensor.data, start);
    start += elementCount(shape);
  }
}
