/** @file Element-wise operations, with NumPy broadcasting, and the activations. */
import { onnxDType } from '../../formats/onnx.ts';
import { float32 } from '../../tensor/tensor.ts';
import { noGradient, type Operation, requireShape, type Value, type ValueType } from '../graph.ts';
import { broadcastShape, sumTo } from './broadcast.ts';
import { scalar } from './leaf.ts';

export type Operand = Value | number;

function broadcastType(a: ValueType, b: ValueType): readonly ValueType[] {
  requireShape(a.dtype === b.dtype, 'DTYPES_DIFFER', 'the operands have different dtypes');
  return [{ dtype: a.dtype, shape: broadcastShape(a.shape, b.shape) }];
}

function binary(name: string, type: string, vjp: Operation['vjp']): Operation {
  return {
    name,
    attributes: {},
    infer: broadcastType,
    emit: (emission, a, b) => [emission.node(type, [a, b])],
    vjp,
  };
}

function applyBinary(operation: Operation, a: Operand, b: Operand): Value {
  if (typeof a !== 'number') {
    return a.graph.apply1(operation, [a, typeof b === 'number' ? scalar(a.graph, b) : b]);
  }
  requireShape(typeof b !== 'number', 'NO_GRAPH', `${operation.name} needs at least one value`);
  return b.graph.apply1(operation, [scalar(b.graph, a), b]);
}

const addOperation = binary('add', 'Add', ({ gradient }, a, b) => [
  () => sumTo(gradient, a.shape),
  () => sumTo(gradient, b.shape),
]);

const subtractOperation = binary('subtract', 'Sub', ({ gradient }, a, b) => [
  () => sumTo(gradient, a.shape),
  () => sumTo(negate(gradient), b.shape),
]);

const multiplyOperation = binary('multiply', 'Mul', ({ gradient }, a, b) => [
  () => sumTo(multiply(gradient, b), a.shape),
  () => sumTo(multiply(gradient, a), b.shape),
]);

const divideOperation = binary('divide', 'Div', ({ gradient, output }, a, b) => [
  () => sumTo(divide(gradient, b), a.shape),
  () => sumTo(negate(divide(multiply(gradient, output), b)), b.shape),
]);

export function add(a: Operand, b: Operand): Value {
  return applyBinary(addOperation, a, b);
}

export function subtract(a: Operand, b: Operand): Value {
  return applyBinary(subtractOperation, a, b);
}

export function multiply(a: Operand, b: Operand): Value {
  return applyBinary(multiplyOperation, a, b);
}

export function divide(a: Operand, b: Operand): Value {
  return applyBinary(divideOperation, a, b);
}

function unary(
  name: string,
  emit: Operation['emit'],
  vjp: (gradient: Value, x: Value, output: Value) => Value,
  attributes: Operation['attributes'] = {},
): Operation {
  return {
    name,
    attributes,
    infer: (x) => [x],
    emit,
    vjp: ({ gradient, output }, x) => [() => vjp(gradient, x, output)],
  };
}

const negateOperation = unary(
  'negate',
  (emission, x) => [emission.node('Neg', [x])],
  (gradient) => negate(gradient),
);

const expOperation = unary(
  'exp',
  (emission, x) => [emission.node('Exp', [x])],
  (gradient, _, output) => multiply(gradient, output),
);

const logOperation = unary(
  'log',
  (emission, x) => [emission.node('Log', [x])],
  (gradient, x) => divide(gradient, x),
);

const positiveOperation: Operation = {
  name: 'positive',
  attributes: {},
  infer: (x) => [x],
  emit: (emission, x) => [
    emission.node('Cast', [emission.node('Greater', [x, emission.constant(float32([], [0]))])], {
      to: { int: onnxDType.f32 },
    }),
  ],
  vjp: () => [noGradient('a step is flat')],
};

const sqrtOperation = unary(
  'sqrt',
  (emission, x) => [emission.node('Sqrt', [x])],
  (gradient, _, output) => divide(gradient, multiply(output, 2)),
);

const erfOperation = unary(
  'erf',
  (emission, x) => [emission.node('Erf', [x])],
  // erf'(x) = 2/√π · exp(−x²)
  (gradient, x) => multiply(gradient, multiply(exp(negate(square(x))), 2 / Math.sqrt(Math.PI))),
);

const sigmoidOperation = unary(
  'sigmoid',
  (emission, x) => [emission.node('Sigmoid', [x])],
  (gradient, _, output) => multiply(gradient, subtract(output, square(output))),
);

/** x·σ(αx) in one pass; α = 1 is SiLU, α = 1.702 CLIP's quick GELU. With s = σ(αx): d/dx = s + α(y − y·s). */
const swishOperation = (alpha: number): Operation =>
  unary(
    'swish',
    (emission, x) => [emission.node('com.microsoft.QuickGelu', [x], { alpha: { float: alpha } })],
    (gradient, x, output) => {
      const s = sigmoid(alpha === 1 ? x : multiply(x, alpha));
      const rest = subtract(output, multiply(output, s));
      return multiply(gradient, add(s, alpha === 1 ? rest : multiply(rest, alpha)));
    },
    { alpha },
  );

/** Exact GELU, x·Φ(x); d/dx = Φ(x) + x·φ(x). */
const geluOperation = unary(
  'gelu',
  (emission, x) => [emission.node('com.microsoft.Gelu', [x])],
  (gradient, x) => {
    const cumulative = multiply(add(erf(multiply(x, Math.SQRT1_2)), 1), 0.5);
    const density = multiply(exp(multiply(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return multiply(gradient, add(cumulative, multiply(x, density)));
  },
);

export function negate(x: Value): Value {
  return x.graph.apply1(negateOperation, [x]);
}

export function square(x: Value): Value {
  return multiply(x, x);
}

export function exp(x: Value): Value {
  return x.graph.apply1(expOperation, [x]);
}

/** Natural. */
export function log(x: Value): Value {
  return x.graph.apply1(logOperation, [x]);
}

export function sqrt(x: Value): Value {
  return x.graph.apply1(sqrtOperation, [x]);
}

/** max(0, x) as x times its step, whose slope nobody follows. */
export function relu(x: Value): Value {
  return multiply(x, x.graph.apply1(positiveOperation, [x]));
}

export function erf(x: Value): Value {
  return x.graph.apply1(erfOperation, [x]);
}

export function sigmoid(x: Value): Value {
  return x.graph.apply1(sigmoidOperation, [x]);
}

export function silu(x: Value): Value {
  return x.graph.apply1(swishOperation(1), [x]);
}

export function quickGelu(x: Value): Value {
  return x.graph.apply1(swishOperation(1.702), [x]);
}

export function gelu(x: Value): Value {
  return x.graph.apply1(geluOperation, [x]);
}
