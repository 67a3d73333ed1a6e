/** @file Reverse-mode differentiation: walks the nodes backwards and asks each operation's own gradient rule. */
import { invariant, ShapeError } from '../base/errors.ts';
import { backwardMark, formatType, type GradientRule, type Node, type Value } from './graph.ts';
import { add } from './ops/arithmetic.ts';
import { scalar } from './ops/leaf.ts';

/**
 * Gradients of a scalar with respect to values of the same graph, in the order asked for.
 *
 * Only what lies between `wrt` and the loss is built: a frozen weight's gradient never exists, and the backward pass
 * stops below the first trainable value.
 *
 * @throws ShapeError LOSS_NOT_SCALAR, or NO_PATH where the loss does not depend on a value of `wrt`.
 */
export function gradients(loss: Value, wrt: readonly Value[]): Value[] {
  if (loss.shape.length !== 0) {
    throw new ShapeError(
      'LOSS_NOT_SCALAR',
      `a loss must be a scalar of shape [], got ${formatType(loss)}; take a sum or a mean, and reshape it to []`,
    );
  }
  const found = vectorJacobian([[loss, scalar(loss.graph, 1)]], wrt);
  return wrt.map((value, i) => {
    const gradient = found[i];
    if (gradient !== undefined) return gradient;
    const name = String(value.node.operation.attributes.name ?? value.node.location);
    throw new ShapeError(
      'NO_PATH',
      `the loss does not depend on ${name}; take it out of the trained parameters`,
    );
  });
}

/** A value and the gradient of the loss with respect to it. */
export type Seed = readonly [value: Value, gradient: Value];

/**
 * Gradients with respect to `wrt`, given those of later values of the same graph; undefined where there is no path.
 * This is all of reverse mode: `gradients` is the case of a scalar loss with gradient 1.
 */
export function vectorJacobian(
  seeds: readonly Seed[],
  wrt: readonly Value[],
): readonly (Value | undefined)[] {
  const [first] = seeds;
  if (first === undefined) return wrt.map(() => undefined);
  const { graph } = first[0];
  const forward = graph.nodes.slice();
  const active = activeValues(forward, wrt);
  const found = new Map<Value, Value>(seeds);
  const wanted = new Set(wrt);
  for (const node of forward.reverse()) {
    graph.at(node.location + backwardMark, () => backThrough(node, active, found));
    for (const output of node.outputs) if (!wanted.has(output)) found.delete(output);
  }
  return wrt.map((value) => found.get(value));
}

/** Values that depend on any of `wrt`. */
export function activeValues(nodes: readonly Node[], wrt: readonly Value[]): ReadonlySet<Value> {
  const active = new Set(wrt);
  for (const node of nodes) {
    if (!node.inputs.some((value) => active.has(value))) continue;
    for (const output of node.outputs) active.add(output);
  }
  return active;
}

/** Adds this node's contributions to the gradients of its inputs. */
function backThrough(node: Node, active: ReadonlySet<Value>, found: Map<Value, Value>): void {
  const [output, ...others] = node.outputs;
  if (output === undefined || !node.inputs.some((value) => active.has(value))) return;
  const gradient = found.get(output);
  invariant(
    others.every((other) => !found.has(other)),
    `${node.operation.name} has a gradient for more than its first output`,
  );
  if (gradient === undefined) return;
  const rules: readonly (GradientRule | undefined)[] = node.operation.vjp(
    { gradient, output, outputs: node.outputs },
    ...node.inputs,
  );
  node.inputs.forEach((value, i) => {
    const rule = rules[i];
    invariant(rule !== undefined, `${node.operation.name} has no gradient rule for input ${i}`);
    if (typeof rule !== 'function' || !active.has(value)) return;
    const contribution = rule();
    const sofar = found.get(value);
    found.set(value, sofar === undefined ? contribution : add(sofar, contribution));
  });
}
