/** @file Where values come from: inputs fed at every run, weights that stay in their file, constants. */
import { invariant } from '../../base/errors.ts';
import { onnxDType } from '../../formats/onnx.ts';
import { type DType, float32, type Shape, type Tensor } from '../../tensor/tensor.ts';
import {
  type GradientRule,
  type Graph,
  noFlops,
  noGradient,
  type Operation,
  type Value,
} from '../graph.ts';

/** A value fed at every run: a batch, or a trainable parameter. */
export function input(graph: Graph, name: string, dtype: DType, shape: Shape): Value {
  return graph.apply1(
    {
      name: 'input',
      attributes: { name, dtype, shape },
      infer: () => [{ dtype, shape }],
      emit: (emission) => [emission.input(name, { dtype, shape })],
      vjp: () => [],
      flops: noFlops,
    },
    [],
  );
}

/** A frozen tensor that is read in place from a file of weights, under its name there. */
export function weight(graph: Graph, name: string, dtype: DType, shape: Shape): Value {
  return graph.apply1(
    {
      name: 'weight',
      attributes: { name, dtype, shape },
      infer: () => [{ dtype, shape }],
      emit: (emission) => [emission.weight(name, { dtype, shape })],
      vjp: () => [],
      flops: noFlops,
    },
    [],
  );
}

/** A tensor known while tracing. */
export function constant(graph: Graph, value: Tensor): Value {
  return graph.apply1(
    {
      name: 'constant',
      attributes: { value },
      infer: () => [{ dtype: value.dtype, shape: value.shape }],
      emit: (emission) => [emission.constant(value)],
      vjp: () => [],
      flops: noFlops,
    },
    [],
  );
}

/** A float32 scalar. */
export function scalar(graph: Graph, value: number): Value {
  return constant(graph, float32([], [value]));
}

const castOperation = (to: DType): Operation => ({
  name: 'cast',
  attributes: { to },
  infer: (x) => [{ dtype: to, shape: x.shape }],
  emit: (emission, x) => [emission.node('Cast', [x], { to: { int: onnxDType[to] } })],
  vjp: ({ gradient }, x) => [() => cast(gradient, x.dtype)],
  flops: noFlops,
});

/** Converts elements to another dtype; half floats widen exactly. */
export function cast(x: Value, to: DType): Value {
  return x.dtype === to ? x : x.graph.apply1(castOperation(to), [x]);
}

/** The operation that gave a value, made a second time over the same or other inputs. */
export function madeAgain({ node, graph }: Value, inputs = node.inputs): Value {
  return graph.apply1(node.operation, inputs);
}

/**
 * Gives `forward` the gradient rules stated here instead of those of the operations that made it.
 * `rules(gradient, inputs)` holds one rule per value of `inputs`; the forward value itself passes none on. The rules
 * must use nothing but what they are given, because a graph may be copied before it is differentiated.
 */
export function withGradient(
  forward: Value,
  inputs: readonly Value[],
  rules: (gradient: Value, ...inputs: Value[]) => readonly GradientRule[],
): Value {
  return forward.graph.apply1(
    {
      name: 'withGradient',
      attributes: {},
      unique: true,
      isView: true,
      flops: noFlops,
      infer: (first) => [first],
      emit: (_, first) => [first ?? ''],
      vjp: ({ gradient }, _, ...given) => {
        const built = rules(gradient, ...given);
        invariant(built.length === given.length, 'withGradient needs one rule per input');
        return [noGradient('replaced by the stated rules'), ...built];
      },
    },
    [forward, ...inputs],
  );
}
