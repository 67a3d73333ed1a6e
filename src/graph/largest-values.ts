/** @file The largest values of a program, for engines that take none beyond a size. */
import type { Node, Program, Value } from './graph.ts';
import { byteSize } from './memory.ts';

export interface LargestValues {
  /** Of all. */
  readonly any: Value | undefined;
  /** Of what follows from weights and constants alone. */
  readonly fixed: Value | undefined;
  /** Of what follows from inputs: it grows with the batch and the pictures. */
  readonly computed: Value | undefined;
}

/** What moves values of any size right on WebGPU; other kernels leave parts out beyond a size (docs/pitfalls.md). */
const moves: ReadonlySet<string> = new Set(['weight', 'cast', 'concatenate', 'gather']);

/** The largest values; those that are only moved, such as a table from which rows are taken, count among all alone. */
export function largestValues({ graph }: Program): LargestValues {
  const fixed = new Set<Value>();
  const computedOn = new Set<Value>();
  for (const node of graph.nodes) {
    if (isFixed(node, fixed)) for (const output of node.outputs) fixed.add(output);
    if (moves.has(node.operation.name)) continue;
    for (const value of [...node.inputs, ...node.outputs]) computedOn.add(value);
  }
  const largest = (isWanted: (value: Value) => boolean) =>
    graph.nodes
      .flatMap(({ outputs }) => outputs)
      .filter(isWanted)
      .reduce<Value | undefined>((a, b) => (a && byteSize(a) >= byteSize(b) ? a : b), undefined);
  return {
    any: largest(() => true),
    fixed: largest((value) => computedOn.has(value) && fixed.has(value)),
    computed: largest((value) => computedOn.has(value) && !fixed.has(value)),
  };
}

function isFixed({ operation, inputs }: Node, fixed: ReadonlySet<Value>): boolean {
  return operation.name !== 'input' && inputs.every((input) => fixed.has(input));
}
