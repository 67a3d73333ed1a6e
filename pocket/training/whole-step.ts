/** @file A training step of a whole network: (all its weights, batch) → (loss, gradients of those that are trained). */
import {
  type CompiledProgram,
  compile,
  Graph,
  gradientName,
  gradients,
  type Value,
  type ValueType,
} from '../../src/graph/index.ts';
import { Scope } from '../../src/nn/index.ts';
import type { Shape } from '../../src/tensor/tensor.ts';

/** What a traced step gives: its loss, and what else is to be told of it, scalars all. */
export type TracedLoss = Readonly<Record<'loss', Value> & Record<string, Value>>;

/** A step and what it takes. */
export interface WholeStep {
  readonly program: CompiledProgram;
  /** Shapes of all weights, by name. */
  readonly weights: ReadonlyMap<string, Shape>;
  /** Names of the weights that are trained; the others are fed as they are. */
  readonly trained: readonly string[];
}

/**
 * Traces a loss over a network whose weights are fed, and compiles it with the gradients of those that are trained.
 *
 * @param isTrained by name. @default all
 */
export function wholeStep(
  trace: (graph: Graph, scope: Scope) => TracedLoss,
  isTrained: (name: string) => boolean = () => true,
): WholeStep {
  const graph = new Graph();
  const scope = Scope.root(graph, { fed: true });
  const outputs = trace(graph, scope);
  const trained = [...scope.weights].filter(([name]) => isTrained(name));
  const slopes = gradients(
    outputs.loss,
    trained.map(([, value]) => value),
  );
  const named = trained.map(([name], i) => [gradientName(name), slopes[i]] as const);
  const gradientOutputs = named.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  const compiled = compile({
    graph,
    outputs: { ...outputs, ...Object.fromEntries(gradientOutputs) },
  });
  // What the loss does not depend on is no input of the program.
  const used = [...scope.weights].filter(([name]) => compiled.inputs.has(name));
  return {
    // Types alone, without the graph that they are of, can be sent to a thread.
    program: { ...compiled, inputs: plain(compiled.inputs), outputs: plain(compiled.outputs) },
    weights: new Map(used.map(([name, { shape }]) => [name, shape])),
    trained: trained.flatMap(([name]) => (compiled.inputs.has(name) ? [name] : [])),
  };
}

function plain(types: ReadonlyMap<string, ValueType>): ReadonlyMap<string, ValueType> {
  return new Map([...types].map(([name, { dtype, shape }]) => [name, { dtype, shape }]));
}
