/** @file Merges nodes that compute the same thing from the same values. */
import type { Tensor } from '../../tensor/tensor.ts';
import type { Attribute, Node, Operation, Program, Value } from '../graph.ts';
import { rewrite } from './rewrite.ts';

/** The program with every repeated computation done once. */
export function deduplicate(program: Program): Program {
  const seen = new Map<string, readonly Value[]>();
  const keys = new Map<Operation, string>();
  const operationKey = (operation: Operation) => {
    const known = keys.get(operation);
    if (known !== undefined) return known;
    const attributes = Object.entries(operation.attributes).map(
      ([name, value]) => `${name}=${attributeKey(value)}`,
    );
    const made = `${operation.name}{${attributes.join(',')}}`;
    keys.set(operation, made);
    return made;
  };
  const key = ({ operation }: Node, inputs: readonly Value[]) =>
    `${operationKey(operation)}(${inputs.map(({ id }) => id).join(',')})`;
  return rewrite(program, {
    replace: (node, inputs) => (node.operation.unique ? undefined : seen.get(key(node, inputs))),
    copied: (node, inputs, outputs) => seen.set(key(node, inputs), outputs),
  });
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
