/** @file Removes nodes whose results no output needs. */
import type { Node, Program } from '../graph.ts';
import { rewrite } from './rewrite.ts';

/** The program without the nodes that its outputs do not depend on. */
export function removeDeadCode(program: Program): Program {
  const needed = new Set<Node>(Object.values(program.outputs).map((value) => value.node));
  for (const node of [...program.graph.nodes].reverse()) {
    if (!needed.has(node)) continue;
    for (const input of node.inputs) needed.add(input.node);
  }
  return rewrite(program, { keep: (node) => needed.has(node) });
}
