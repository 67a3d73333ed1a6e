/** @file Rebuilds a program node by node; the passes decide which nodes survive and which are the same. */
import { invariant } from '../../base/errors.ts';
import { Graph, type Node, type Program, type Value } from '../graph.ts';

/**
 * Copies a program into a new graph. `replace` may return values of the new graph to stand for a node's outputs
 * (given its new inputs), or undefined to have the node copied; `keep` drops nodes whose results nobody needs.
 */
export function rewrite(
  program: Program,
  {
    keep = () => true,
    replace = () => undefined,
    copied = () => {},
  }: {
    readonly keep?: (node: Node) => boolean;
    readonly replace?: (node: Node, inputs: readonly Value[]) => readonly Value[] | undefined;
    readonly copied?: (node: Node, inputs: readonly Value[], outputs: readonly Value[]) => void;
  },
): Program {
  const graph = new Graph();
  const renamed = new Map<Value, Value>();
  const lookUp = (value: Value): Value => {
    const found = renamed.get(value);
    invariant(found !== undefined, `%${value.id} is used before it is computed`);
    return found;
  };
  for (const node of program.graph.nodes) {
    if (!keep(node)) continue;
    const inputs = node.inputs.map(lookUp);
    let outputs = replace(node, inputs);
    if (outputs === undefined) {
      outputs = graph.copy(node, inputs);
      copied(node, inputs, outputs);
    }
    const results = outputs;
    node.outputs.forEach((output, i) => {
      const result = results[i];
      if (result !== undefined) renamed.set(output, result);
    });
  }
  const outputs = Object.entries(program.outputs).map(([name, value]) => [name, lookUp(value)]);
  return { graph, outputs: Object.fromEntries(outputs) };
}
