/** @file Chooses products in integers where a weight has eight bits, once gradients are built. */
import { required } from '../../base/required.ts';
import type { Node, Program, Value } from '../graph.ts';
import { multiply } from '../ops/arithmetic.ts';
import { reshape } from '../ops/broadcast.ts';
import {
  type EightBits,
  eightBitsName,
  integerProduct,
  type RoundedRows,
  roundRows,
} from '../ops/eight-bits.ts';
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
        if (bits === undefined) return undefined;
        return first.graph.at(node.location, () => {
          if (node.operation.name === 'linear') return [forwardProduct(first, bits, third)];
          return isPlainProduct(node) ? [backwardProduct(first, bits)] : undefined;
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
