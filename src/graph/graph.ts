/** @file What a graph is made of: values, nodes, and the operation records that nodes apply. Tracing appends nodes. */
import { invariant, ShapeError } from '../base/errors.ts';
import type { OnnxAttributeValue } from '../formats/onnx.ts';
import { type DType, formatShape, type Shape, type Tensor } from '../tensor/tensor.ts';
import type { Target } from './target.ts';

/** What is known of a value before anything runs. Shapes are static. */
export interface ValueType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** One result of one node. */
export interface Value extends ValueType {
  readonly graph: Graph;
  readonly id: number;
  readonly node: Node;
}

/** One application of an operation. */
export interface Node {
  readonly operation: Operation;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Module path that was being traced, for messages, profiles and print. */
  readonly location: string;
}

/** What may stand in a printed operation: enough to tell two applications apart. */
export type Attribute = number | string | boolean | Shape | Tensor;

/**
 * One record per operation: its shape rule, its ONNX form and its gradient rule, side by side so that they cannot
 * drift apart. Records are made by small factories that close over their attributes.
 */
export interface Operation {
  readonly name: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Types of the outputs, or a ShapeError. */
  readonly infer: (...inputs: ValueType[]) => readonly ValueType[];
  /** Appends ONNX nodes and returns the names of the outputs. */
  readonly emit: (emission: Emission, ...inputs: string[]) => readonly string[];
  /** One rule per input: the gradient of the loss with respect to it, built only where it is needed. */
  readonly vjp: (context: GradientContext, ...inputs: Value[]) => readonly GradientRule[];
  /** Floating-point operations: an addition or a multiplication is one. @default one per element of the first output */
  readonly flops?: (output: ValueType, ...inputs: ValueType[]) => number;
  /** True where the output is the first input under another shape or name, in the same memory. */
  readonly isView?: boolean;
  /** True where two applications are never the same, even with equal attributes. */
  readonly unique?: boolean;
}

/** What an operation needs to write itself as ONNX. */
export interface Emission {
  readonly inputs: readonly ValueType[];
  readonly outputs: readonly ValueType[];
  readonly target: Target;
  /** Adds a node with one output and returns that output's name. */
  node(type: string, inputs: readonly string[], attributes?: OnnxAttributes): string;
  /** Adds a node with several outputs. */
  nodes(
    type: string,
    inputs: readonly string[],
    outputs: number,
    attributes?: OnnxAttributes,
  ): string[];
  /** A constant stored in the model itself. */
  constant(value: Tensor): string;
  /** A value fed at every run. */
  input(name: string, type: ValueType): string;
  /** A tensor that stays in its file of weights. */
  weight(name: string, type: ValueType): string;
}

export type OnnxAttributes = Readonly<Record<string, OnnxAttributeValue>>;

/** What a gradient rule may use: the gradient of the first output, and the outputs already computed. */
export interface GradientContext {
  readonly gradient: Value;
  readonly output: Value;
  readonly outputs: readonly Value[];
}

/** How to build the gradient of one input, or the reason why there is none. */
export type GradientRule = (() => Value) | NoGradient;

export interface NoGradient {
  readonly reason: string;
}

/** States that an input carries no gradient, and why. */
export function noGradient(reason: string): NoGradient {
  return { reason };
}

/** What an operation takes that moves or names elements and computes nothing. */
export const noFlops = (): number => 0;

/** A computation in the making: nodes in an order in which they can run. */
export class Graph {
  readonly nodes: Node[] = [];
  #nextId = 0;
  #location = '';

  /** Applies an operation to values of this graph. */
  apply(operation: Operation, inputs: readonly Value[]): readonly Value[] {
    for (const input of inputs) {
      invariant(input.graph === this, `${operation.name} mixes values of two graphs`);
    }
    return this.#append(operation, inputs, {
      types: this.#infer(operation, inputs),
      location: this.#location,
    });
  }

  /** Applies the operation of a node of another graph to values of the same types, which is not checked again. */
  copy({ operation, outputs, location }: Node, inputs: readonly Value[]): readonly Value[] {
    return this.#append(operation, inputs, { types: outputs, location });
  }

  #append(
    operation: Operation,
    inputs: readonly Value[],
    { types, location }: { readonly types: readonly ValueType[]; readonly location: string },
  ): readonly Value[] {
    const outputs: Value[] = [];
    const node: Node = { operation, inputs, outputs, location };
    for (const { dtype, shape } of types) {
      outputs.push({ dtype, shape, graph: this, id: this.#nextId++, node });
    }
    this.nodes.push(node);
    return outputs;
  }

  /** Applies an operation with a single output. */
  apply1(operation: Operation, inputs: readonly Value[]): Value {
    const [output] = this.apply(operation, inputs);
    invariant(output !== undefined, `${operation.name} has no output`);
    return output;
  }

  /** Runs `trace` under a module path that nodes and errors will name. */
  at<T>(location: string, trace: () => T): T {
    const before = this.#location;
    this.#location = location;
    try {
      return trace();
    } finally {
      this.#location = before;
    }
  }

  #infer(operation: Operation, inputs: readonly Value[]): readonly ValueType[] {
    try {
      return operation.infer(...inputs);
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      const where = this.#location === '' ? '' : `${this.#location}: `;
      const given = inputs.map(formatType).join(', ');
      throw new ShapeError(error.code, `${where}${operation.name}(${given}): ${error.message}`);
    }
  }
}

/** Ends the location of nodes that autodiff made for a module. */
export const backwardMark = "'";

/** Whether a node belongs to the backward pass. */
export function inBackward(node: Node): boolean {
  return node.location.endsWith(backwardMark);
}

/** `f32[2, 4]`. */
export function formatType(type: ValueType): string {
  return `${type.dtype}${formatShape(type.shape)}`;
}

/** Refuses a shape at trace time; the graph adds operation, location and inputs to the message. */
export function requireShape(
  condition: boolean,
  code: string,
  message: string | (() => string),
): asserts condition {
  if (!condition) throw new ShapeError(code, typeof message === 'string' ? message : message());
}

/**
 * The size of an axis; -1 is the last.
 *
 * @throws ShapeError NO_SUCH_AXIS where the value has fewer
 */
export function axisSize(type: ValueType, axis: number): number {
  const size = type.shape.at(axis);
  requireShape(size !== undefined, 'NO_SUCH_AXIS', () => `${formatType(type)} has no axis ${axis}`);
  return size;
}

/** A graph with the values it is run for, by name. */
export interface Program {
  readonly graph: Graph;
  readonly outputs: Readonly<Record<string, Value>>;
}
