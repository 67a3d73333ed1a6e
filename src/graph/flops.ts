/** @file How many floating-point operations a program takes: an addition or a multiplication counts as one. */
import { elementCount } from '../tensor/tensor.ts';
import type { Node, Program, ValueType } from './graph.ts';

type FlopRule = (node: Node, output: ValueType, ...inputs: readonly ValueType[]) => number;

const none: FlopRule = () => 0;

/** Every output of a convolution sums over one kernel: 2·outputs·kernel, with the bias in place of the first addition. */
const convolutionFlops = (outputs: ValueType, weight: ValueType) =>
  (2 * elementCount(outputs.shape) * elementCount(weight.shape)) / (weight.shape[0] ?? 1);

/** Operations that do more, or less, than one operation per element of their result. */
const rules: Readonly<Record<string, FlopRule>> = {
  input: none,
  weight: none,
  constant: none,
  cast: none,
  withGradient: none,
  reshape: none,
  transpose: none,
  concatenate: none,
  slice: none,
  pad: none,
  expand: none,
  gather: none,
  resizeNearest: none,
  sum: (_, __, x = scalar) => elementCount(x.shape),
  scatterAdd: (_, __, rows = scalar) => elementCount(rows.shape),
  // [..., m, k] · [..., k, n]
  matmul: ({ operation }, output, a = scalar) =>
    2 * elementCount(output.shape) * (a.shape.at(operation.attributes.transposeA ? -2 : -1) ?? 1),
  linear: (_, output, x = scalar) => 2 * elementCount(output.shape) * (x.shape.at(-1) ?? 1),
  // Q Kᵀ and P V: [N, T, C] · [N, S, C]
  attention: (_, output, query = scalar, key = scalar) =>
    2 * (elementCount(query.shape) + elementCount(output.shape)) * (key.shape[1] ?? 1),
  convolution: (_, output, __, weight = scalar) => convolutionFlops(output, weight),
  convolutionInputGradient: (_, __, gradient = scalar, weight = scalar) =>
    convolutionFlops(gradient, weight),
  convolutionWeightGradient: (_, output, __, gradient = scalar) =>
    convolutionFlops(gradient, output),
};

const scalar: ValueType = { dtype: 'f32', shape: [] };

/** Floating-point operations of one node. */
export function nodeFlops(node: Node): number {
  const [output = scalar] = node.outputs;
  const rule = Object.hasOwn(rules, node.operation.name) ? rules[node.operation.name] : undefined;
  return rule === undefined ? elementCount(output.shape) : rule(node, output, ...node.inputs);
}

/** Floating-point operations of one run; count it where dead and repeated work is gone, as compile() does. */
export function flops({ graph }: Program): number {
  return graph.nodes.reduce((sum, node) => sum + nodeFlops(node), 0);
}
