/** @file How many bytes of values a program holds at its peak, when each is freed after its last use. */
import { bytesPerElement, elementCount } from '../tensor/tensor.ts';
import type { Program, Value, ValueType } from './graph.ts';

export function byteSize({ dtype, shape }: ValueType): number {
  return elementCount(shape) * bytesPerElement[dtype];
}

/** The value whose memory another value lives in. */
function owner(value: Value): Value {
  const [source] = value.node.inputs;
  return source !== undefined && value.node.operation.isView ? owner(source) : value;
}

/** Peak bytes of a program's values besides inputs, weights and constants, in the order of its nodes. */
export function peakBytes({ graph, outputs }: Program): number {
  const lastUse = new Map<Value, number>();
  graph.nodes.forEach((node, i) => {
    for (const input of node.inputs) lastUse.set(owner(input), i);
  });
  for (const value of Object.values(outputs)) lastUse.set(owner(value), graph.nodes.length);
  const freedAfter = new Map<number, number>();
  let held = 0;
  let peak = 0;
  graph.nodes.forEach((node, i) => {
    if (node.inputs.length > 0 && !node.operation.isView) {
      for (const output of node.outputs) {
        held += byteSize(output);
        const last = lastUse.get(output) ?? i;
        freedAfter.set(last, (freedAfter.get(last) ?? 0) + byteSize(output));
      }
    }
    peak = Math.max(peak, held);
    held -= freedAfter.get(i) ?? 0;
  });
  return peak;
}
