/** @file Checks that a program is well formed; tests run it after every pass. */
import { invariant } from '../../base/errors.ts';
import { sameShape } from '../../tensor/tensor.ts';
import { formatType, type Program, type Value } from '../graph.ts';

/** Fails where a value is used before it is computed, or its type is not what its operation infers. */
export function verify(program: Program): void {
  const known = new Set<Value>();
  for (const node of program.graph.nodes) {
    const name = `${node.location} ${node.operation.name}`;
    for (const input of node.inputs) {
      invariant(known.has(input), `${name}: %${input.id} is used before it is computed`);
    }
    const inferred = node.operation.infer(...node.inputs);
    invariant(inferred.length === node.outputs.length, `${name}: wrong number of outputs`);
    node.outputs.forEach((output, i) => {
      const expected = inferred[i];
      invariant(
        expected !== undefined &&
          expected.dtype === output.dtype &&
          sameShape(expected.shape, output.shape),
        `${name}: output ${i} is ${formatType(output)}, inferred ${expected && formatType(expected)}`,
      );
      known.add(output);
    });
  }
  for (const [name, value] of Object.entries(program.outputs)) {
    invariant(known.has(value), `output ${name} is not computed by the program`);
  }
}
