/** @file Merges nodes that compute the same thing from the same values. */
import { createHash } from 'node:crypto';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Attribute, Node, Program, Value } from '../graph.ts';
import { rewrite } from './rewrite.ts';

/** The program with every repeated computation done once. */
export function deduplicate(program: Program): Program {
  const seen = new Map<string, readonly Value[]>();
  return rewrite(program, {
    replace: (node, inputs) => (node.operation.unique ? undefined : seen.get(key(node, inputs))),
    copied: (node, inputs, outputs) => seen.set(key(node, inputs), outputs),
  });
}

function key(node: Node, inputs: readonly Value[]): string {
  const attributes = Object.entries(node.operation.attributes)
    .map(([name, value]) => `${name}=${attributeKey(value)}`)
    .join(',');
  return `${node.operation.name}(${inputs.map((input) => input.id).join(',')}){${attributes}}`;
}

function attributeKey(value: Attribute): string {
  return isTensor(value) ? tensorKey(value) : JSON.stringify(value);
}

export function isTensor(value: Attribute): value is Tensor {
  return typeof value === 'object' && 'dtype' in value;
}

function tensorKey({ dtype, shape, data }: Tensor): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return `${dtype}[${shape.join()}]${createHash('sha1').update(bytes).digest('base64')}`;
}
