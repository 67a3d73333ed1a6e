/** @file Merges nodes that compute the same thing from the same values. */
import type { Tensor } from '../../tensor/tensor.ts';
import type { Attribute, Node, Operation, Program, Value } from '../graph.ts';
import { rewrite } from './rewrite.ts';

/** What tells an operation apart; an operation is the same object in every program that is made of its own. */
const operationKeys = new WeakMap<Operation, string>();

/** The program with every repeated computation done once. */
export function deduplicate(program: Program): Program {
  const seen = new Map<string, readonly Value[]>();
  const kinds = new Map<string, number>();
  // A number each, because a key may be as long as a constant, and is needed for every node.
  const kindOf = (operation: Operation): number => {
    const key = operationKey(operation);
    const kind = kinds.get(key) ?? kinds.size;
    kinds.set(key, kind);
    return kind;
  };
  const keyOf = ({ operation }: Node, inputs: readonly Value[]) =>
    inputs.reduce((key, { id }) => `${key},${id}`, `${kindOf(operation)}`);
  return rewrite(program, {
    replace: (node, inputs) => (node.operation.unique ? undefined : seen.get(keyOf(node, inputs))),
    copied: (node, inputs, outputs) => seen.set(keyOf(node, inputs), outputs),
  });
}

function operationKey(operation: Operation): string {
  const known = operationKeys.get(operation);
  if (known !== undefined) return known;
  const attributes = Object.entries(operation.attributes).map(
    ([name, value]) => `${name}=${attributeKey(value)}`,
  );
  const made = `${operation.name}{${attributes.join(',')}}`;
  operationKeys.set(operation, made);
  return made;
}

function attributeKey(value: Attribute): string {
  return isTensor(value) ? tensorKey(value) : JSON.stringify(value);
}

/** Tensors are told apart by their type and bytes. */
export function tensorKey({ dtype, shape, data }: Tensor): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  // One character a byte, and no two bytes the same one.
  return `${dtype}[${shape}]${new TextDecoder('latin1').decode(bytes)}`;
}

export function isTensor(value: Attribute): value is Tensor {
  return typeof value === 'object' && 'dtype' in value;
}
