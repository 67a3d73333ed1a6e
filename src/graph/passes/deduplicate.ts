/** @file Merges nodes that compute the same thing from the same values. */
import { sameShape, type Tensor } from '../../tensor/tensor.ts';
import type { Attribute, Node, Operation, Program, Value } from '../graph.ts';
import { rewrite } from './rewrite.ts';

/** The program with every repeated computation done once. */
export function deduplicate(program: Program): Program {
  const seen = new Map<string, readonly Value[]>();
  const constants: Tensor[] = [];
  const keys = new Map<Operation, string>();
  const operationKey = (operation: Operation) => {
    const known = keys.get(operation);
    if (known !== undefined) return known;
    const attributes = Object.entries(operation.attributes).map(
      ([name, value]) => `${name}=${attributeKey(value, constants)}`,
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

/** Tensors are told apart by their bytes: the key is the place among the constants seen so far. */
function attributeKey(value: Attribute, constants: Tensor[]): string {
  if (!isTensor(value)) return JSON.stringify(value);
  const known = constants.findIndex((constant) => sameTensor(constant, value));
  return `constant ${known < 0 ? constants.push(value) - 1 : known}`;
}

export function isTensor(value: Attribute): value is Tensor {
  return typeof value === 'object' && 'dtype' in value;
}

function sameTensor(a: Tensor, b: Tensor): boolean {
  if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) return false;
  const [left, right] = [a, b].map(
    ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
  return left?.every((byte, i) => byte === right?.[i]) ?? false;
}
