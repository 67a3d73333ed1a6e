/** @file The tensors that a weight of eight bits is made of, and the weight of them in a graph. */
import { dequantize, type Graph, type Value, weight, withEightBits } from '../graph/index.ts';
import { type DType, elementCount, type Shape } from '../tensor/tensor.ts';

/**
 * What a weight of eight bits is for: `products` are computed in integers, and whatever changes the weight itself takes it
 * as stored; as `weights` it is widened wherever it is used, and nothing else is read.
 */
export type EightBitUse = 'products' | 'weights';

/** A part of a weight in eight bits; see EightBits, and dequantize() for `rounded`. */
export type EightBitPart = 'scale' | 'rounded' | 'forward' | 'backward';

/** The name of a part beside its weight's. */
export function partName(name: string, part: EightBitPart): string {
  return `${name}.${part}`;
}

/** The parts of a weight [out, in] or [out, in, h, w] that a use reads. */
export function eightBitParts(
  shape: Shape,
  use: EightBitUse,
): Readonly<Partial<Record<EightBitPart, { readonly dtype: DType; readonly shape: Shape }>>> {
  const [out = 1, inner = 1, ...kernel] = shape;
  const taps = elementCount(kernel);
  const scale = { dtype: 'f32', shape: [out] } as const;
  if (use === 'weights') return { scale, rounded: { dtype: 'i8', shape } };
  return {
    scale,
    forward: { dtype: 'i8', shape: [taps * inner, out] },
    backward: { dtype: 'i8', shape: [taps * out, inner] },
  };
}

/** A weight in eight bits as float32 [out, ...]; `whole` gives it as stored. */
export function eightBitWeight(
  graph: Graph,
  { name, shape, use }: { readonly name: string; readonly shape: Shape; readonly use: EightBitUse },
  whole: () => Value,
): Value {
  const parts = eightBitParts(shape, use);
  const part = (which: EightBitPart): Value => {
    const type = parts[which];
    if (type === undefined) throw new Error(`internal: ${name} has no ${which}`);
    return weight(graph, partName(name, which), type.dtype, type.shape);
  };
  return use === 'weights'
    ? dequantize(part('rounded'), part('scale'))
    : withEightBits(whole(), {
        forward: part('forward'),
        backward: part('backward'),
        scale: part('scale'),
      });
}
