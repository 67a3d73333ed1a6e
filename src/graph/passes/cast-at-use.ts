/** @file Gives the backward pass its own casts of stored weights, so that none stays in memory between the passes. */
import { inBackward, type Node, type Program, type Value } from '../graph.ts';
import { madeAgain } from '../ops/leaf.ts';
import { rewrite } from './rewrite.ts';

/**
 * A half-precision weight is widened where it is used. Merged, the widened copy of every weight would live from its
 * forward to its backward use: all weights at once, in float32. A second cast costs far less than the product it feeds.
 */
export function castAtUse(program: Program): Program {
  const again = new Map<Value, Value>();
  const recast = (value: Value) => {
    if (!isWidened(value.node)) return value;
    const known = again.get(value) ?? widenedAgain(value);
    again.set(value, known);
    return known;
  };
  return rewrite(program, {
    replace: (node, inputs) => {
      const [first] = inputs;
      if (first === undefined || !inBackward(node)) return undefined;
      if (!inputs.some((input) => isWidened(input.node))) return undefined;
      return first.graph.at(node.location, () =>
        first.graph.apply(node.operation, inputs.map(recast)),
      );
    },
  });
}

/** A weight as float32: its cast, or that times a number, where it was stored as scaled, or what it is of eight bits. */
function isWidened(node: Node): boolean {
  if (isWeightCast(node) || node.operation.name === 'dequantize') return true;
  const [first, second] = node.inputs;
  if (node.operation.name !== 'multiply' || first === undefined) return false;
  return isWeightCast(first.node) && second?.node.operation.name === 'constant';
}

function widenedAgain(value: Value): Value {
  const { node } = value;
  if (node.operation.name !== 'multiply') return madeAgain(value);
  return madeAgain(
    value,
    node.inputs.map((input) => (isWeightCast(input.node) ? madeAgain(input) : input)),
  );
}

function isWeightCast({ operation, inputs }: Node): boolean {
  return operation.name === 'cast' && inputs[0]?.node.operation.name === 'weight';
}
