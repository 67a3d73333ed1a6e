/** @file How many floating-point operations a program takes: an addition or a multiplication counts as one. */
import { elementCount } from '../tensor/tensor.ts';
import type { Node, Program } from './graph.ts';

function nodeFlops({ operation, inputs, outputs: [output] }: Node): number {
  if (output === undefined) return 0;
  return operation.flops?.(output, ...inputs) ?? elementCount(output.shape);
}

/** Floating-point operations of one run; count it where dead and repeated work is gone, as compile() does. */
export function flops({ graph }: Program): number {
  return graph.nodes.reduce((sum, node) => sum + nodeFlops(node), 0);
}
