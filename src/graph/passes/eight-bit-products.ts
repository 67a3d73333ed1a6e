/** @file Chooses products in integers where a weight has eight bits, once gradients are built. */
import { required } from '../../base/required.ts';
import type { Node, Program, Value } from '../graph.ts';
import { multiply } from '../ops/arithmetic.ts';
import { reshape } from '../ops/broadcast.ts';
import type { Padding } from '../ops/convolution.ts';
import {
  type EightBits,
  eightBitsName,
  integerProduct,
  type RoundedRows,
  roundRows,
} from '../ops/eight-bits/eight-bits.ts';
import { integerConvolution } from '../ops/eight-bits/integer-convolution.ts';
import { scalar } from '../ops/leaf.ts';
import { rowsOf } from '../ops/matmul.ts';
import { removeDeadCode } from './dead-code.ts';
import { rewrite } from './rewrite.ts';

/**
 * The program with x Wᵀ and dY W of weights in eight bits as products in integers. Whatever else is done with such a
 * weight, such as adding to it, is done with the weight as stored.
 */
export function eightBitProducts(program: Program): Program {
  if (!program.graph.nodes.some(({ operation }) => operation.name === eightBitsName))
    return program;
  const known = new Map<Value, EightBits>();
  const rounding = new Rounding();
  return removeDeadCode(
    rewrite(program, {
      replace: (node, inputs) => {
        const [first, second, third] = inputs;
        if (first === undefined) return undefined;
        if (node.operation.name === eightBitsName) {
          const [, forward, backward, scale] = inputs;
          if (forward && backward && scale) known.set(first, { forward, backward, scale });
          return [first];
        }
        const bits = second && known.get(second);
        if (second === undefined || bits === undefined) return undefined;
        return first.graph.at<readonly Value[] | undefined>(node.location, () => {
          if (node.operation.name === 'linear') return [forwardProduct(first, bits, third)];
          if (isPlainProduct(node)) return [backwardProduct(first, bits)];
          const convolved = convolutionProduct(node, first, { bits, kernel: second, bias: third });
          return convolved && [convolved];
        });
      },
    }),
  );

  /** x Wᵀ + b */
  function forwardProduct(x: Value, { forward, scale }: EightBits, bias?: Value): Value {
    const [inner = 1, out = 1] = forward.shape;
    const rows = rounding.of(rowsOf(x, inner));
    const given = { weight: forward, scale, ...(bias === undefined ? {} : { bias }) };
    return reshape(integerProduct(rows, given), [...x.shape.slice(0, -1), out]);
  }

  /** dY W = (dY diag(s)) Q: the scales are of what is summed over, so that they go to the other side. */
  function backwardProduct(gradient: Value, { backward, scale }: EightBits): Value {
    const rows = rounding.of(multiply(gradient, scale));
    return integerProduct(rows, { weight: backward, scale: scalar(gradient.graph, 1) });
  }
}

interface Kernel {
  readonly bits: EightBits;
  readonly kernel: Value;
  readonly bias: Value | undefined;
}

/** A convolution or its input gradient, which without a stride is one too; undefined of anything else. */
function convolutionProduct(
  { operation: { name, attributes } }: Node,
  x: Value,
  { bits, kernel, bias }: Kernel,
): Value | undefined {
  const [out = 1, , height = 1, width = 1] = kernel.shape;
  const stride = Number(attributes.stride);
  const [top = 0, left = 0, bottom = 0, right = 0] = attributes.padding as Padding;
  const given = { kernel: [height, width] as const, stride };
  if (name === 'convolution') {
    const weights = { weight: bits.forward, scale: bits.scale, ...(bias && { bias }) };
    return integerConvolution(x, weights, { ...given, padding: [top, left, bottom, right] });
  }
  if (name !== 'convolutionInputGradient' || stride !== 1) return undefined;
  const scaled = multiply(x, reshape(bits.scale, [1, out, 1, 1]));
  const weights = { weight: bits.backward, scale: scalar(x.graph, 1) };
  const [last, end] = [height - 1, width - 1];
  return integerConvolution(scaled, weights, {
    ...given,
    padding: [last - top, end - left, last - bottom, end - right],
  });
}

/** A product of two matrices as they are. */
function isPlainProduct({ operation, inputs }: Node): boolean {
  const { name, attributes } = operation;
  return (
    name === 'matmul' &&
    attributes.transposeA === false &&
    attributes.transposeB === false &&
    inputs.every(({ shape }) => shape.length === 2)
  );
}

/** Rounds each matrix once, however many products it enters. */
class Rounding {
  readonly #rounded = new Map<string, RoundedRows>();

  of(rows: Value): RoundedRows {
    // A view of the same rows is the same matrix.
    const source = rows.node.operation.name === 'reshape' ? required(rows.node.inputs, 0) : rows;
    const key = `${source.id} ${rows.shape}`;
    const known = this.#rounded.get(key) ?? roundRows(rows);
    this.#rounded.set(key, known);
    return known;
  }
}
