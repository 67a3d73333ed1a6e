/** @file The tensors that a weight of eight bits is made of, and the weight of them in a graph. */
import { dequantize, type Graph, type Value, weight, withEightBits } from '../graph/index.ts';
import type { DType, Shape } from '../tensor/tensor.ts';

/**
 * What a weight of eight bits is for: `products` are computed in integers, and whatever changes the weight itself takes it
 * as stored; as `weights` it is widened wherever it is used, and nothing else is read.
 */
export type EightBitUse = 'products' | 'weights';

/** A part of a weight in eight bits; see tensor/rounded-channels.ts. */
export type EightBitPart = 'scale' | 'rounded' | 'turned';

/** The name of a part beside its weight's. */
export function partName(name: string, part: EightBitPart): string {
  return `${name}.${part}`;
}

/** The parts of a weight [out, in] or [out, in, h, w] that a use reads: those of a matrix also with inputs first. */
export function eightBitParts(
  shape: Shape,
  use: EightBitUse,
): Readonly<Partial<Record<EightBitPart, { readonly dtype: DType; readonly shape: Shape }>>> {
  const [out = 1, ...inner] = shape;
  return {
    scale: { dtype: 'f32', shape: [out] },
    rounded: { dtype: 'i8', shape },
    ...(use === 'products' ? { turned: { dtype: 'i8', shape: [...inner, out] } } : {}),
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
        forward: part('turned'),
        backward: part('rounded'),
        scale: part('scale'),
      });
}
