/** @file Scaled dot-product attention as one operation, so that its backward pass never holds a whole map of weights. */
import { required } from '../../base/required.ts';
import { elementCount, float32, int64 } from '../../tensor/tensor.ts';
import {
  axisSize,
  type Emission,
  type Operation,
  requireShape,
  type Value,
  type ValueType,
} from '../graph.ts';
import { add, multiply, subtract } from './arithmetic.ts';
import { reshape, sum } from './broadcast.ts';
import { matmul } from './matmul.ts';
import { after } from './order.ts';
import { softmax } from './reduce.ts';
import { concatenate, slice, transpose } from './shape.ts';

/** Largest part of an attention map that the backward pass forms at once: a few megabytes stay in the cache. */
const chunkBytes = 16 * 2 ** 20;

function requireHeads(type: ValueType, heads: number): void {
  requireShape(
    type.shape.length === 3 && axisSize(type, 2) % heads === 0,
    'ATTENTION_HEADS',
    `[N, T, C] with C divisible by ${heads} heads was expected`,
  );
}

/**
 * O = softmax(Q Kᵀ/√d) V per head. The gradient forms the map again, a chunk of query rows at a time
 * (Dao et al. 2022, appendix B.2): with P the map, Δ = Σ(dO ⊙ O),
 *   dV = Pᵀ dO,  dS = P ⊙ (dO Vᵀ − Δ),  dQ = dS K/√d,  dK = dSᵀ Q/√d.
 */
const attentionOperation = (heads: number): Operation => ({
  name: 'attention',
  attributes: { heads },
  infer: (query, key, value) => {
    for (const type of [query, key, value]) requireHeads(type, heads);
    requireShape(
      key.shape[1] === value.shape[1] && query.shape[2] === key.shape[2],
      'ATTENTION_SHAPES',
      'keys and values must be equally many, queries and keys equally wide',
    );
    for (const other of [key, value]) {
      requireShape(
        other.shape[0] === query.shape[0] && other.dtype === query.dtype,
        'ATTENTION_BATCH',
        'queries, keys and values must have one batch size and one dtype',
      );
    }
    return [{ dtype: query.dtype, shape: [...query.shape.slice(0, 2), axisSize(value, 2)] }];
  },
  emit: (emission, ...inputs) => [
    emission.target.fusedAttention
      ? emission.node('com.microsoft.MultiHeadAttention', inputs, { num_heads: { int: heads } })
      : emitInSteps(emission, inputs, heads),
  ],
  vjp: ({ gradient, output }, query, key, value) => {
    let built: readonly [Value, Value, Value] | undefined;
    const all = () => {
      built ??= backward({ gradient, output, query, key, value, heads });
      return built;
    };
    return [() => all()[0], () => all()[1], () => all()[2]];
  },
  // Q Kᵀ and P V: [N, T, C] · [N, S, C]
  flops: (output, query, key) =>
    2 * (elementCount(query.shape) + elementCount(output.shape)) * axisSize(key, 1),
});

/** The same by standard operators, for engines whose fused attention is not to be relied on. */
function emitInSteps(emission: Emission, inputs: readonly string[], heads: number): string {
  const [queries = '', keys = '', values = ''] = inputs.map((name, i) => {
    const [batch = 0, tokens = 0, channels = 0] = required(emission.inputs, i).shape;
    const shape = int64([4], [batch, tokens, heads, channels / heads]);
    return emission.node('Reshape', [name, emission.constant(shape)]);
  });
  const transposed = (name: string, ...order: number[]) =>
    emission.node('Transpose', [name], { perm: { ints: order } });
  const size = axisSize(required(emission.inputs, 0), 2) / heads;
  const scale = emission.constant(float32([], [size ** -0.5]));
  const query = emission.node('Mul', [transposed(queries, 0, 2, 1, 3), scale]); // [N, h, T, d]
  const key = transposed(keys, 0, 2, 3, 1); // [N, h, d, S]
  const value = transposed(values, 0, 2, 1, 3); // [N, h, S, d]
  const parts = rowParts(emission, query, heads).map((rows) => {
    const scores = emission.node('MatMul', [rows, key]); // [N, h, rows, S]
    const weights = emission.node('Softmax', [scores], { axis: { int: -1 } });
    return emission.node('MatMul', [weights, value]);
  });
  const [whole = '', ...others] = parts;
  const output = others.length === 0 ? whole : emission.node('Concat', parts, { axis: { int: 2 } });
  const shape = int64([3], required(emission.outputs, 0).shape); // [N, T, C]
  return emission.node('Reshape', [transposed(output, 0, 2, 1, 3), emission.constant(shape)]);
}

/** Rows of the query [N, h, T, d], so many that their map is no larger than the target takes in one buffer. */
function rowParts(emission: Emission, query: string, heads: number): readonly string[] {
  const { largestValue = Number.POSITIVE_INFINITY } = emission.target;
  const [batch = 1, tokens = 1] = required(emission.inputs, 0).shape;
  const rows = rowsWithin(largestValue, batch * heads * axisSize(required(emission.inputs, 1), 1));
  if (rows >= tokens) return [query];
  const at = (position: number) => emission.constant(int64([1], [position]));
  return Array.from({ length: Math.ceil(tokens / rows) }, (_, i) => {
    const bounds = [at(i * rows), at(Math.min(tokens, (i + 1) * rows))];
    return emission.node('Slice', [query, ...bounds, at(2)]);
  });
}

/** Query rows whose part of a map of float32 is within so many bytes; one at least. */
function rowsWithin(bytes: number, elementsPerRow: number): number {
  return Math.max(1, Math.floor(bytes / (4 * elementsPerRow)));
}

/** softmax(Q Kᵀ/√d) V per head (Vaswani et al. 2017, eq. 1); query [N, T, C], key and value [N, S, C] → [N, T, C]. */
export function attention(query: Value, key: Value, value: Value, heads: number): Value {
  return query.graph.apply1(attentionOperation(heads), [query, key, value]);
}

interface Backward {
  readonly gradient: Value;
  readonly output: Value;
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
  readonly heads: number;
}

/** Gradients of query, key and value. */
function backward(given: Backward): readonly [Value, Value, Value] {
  const { heads } = given;
  const [batch = 1, tokens = 1, channels = 1] = given.query.shape;
  const scale = (channels / heads) ** -0.5;
  const query = multiply(splitHeads(given.query, heads), scale); // [N, h, T, d]
  const key = splitHeads(given.key, heads); // [N, h, S, d]
  const value = splitHeads(given.value, heads);
  const gradient = splitHeads(given.gradient, heads); // [N, h, T, d]
  // Turned once, for all chunks: [N, h, d, S].
  const turnedKey = transpose(key, [0, 1, 3, 2]);
  const turnedValue = transpose(value, [0, 1, 3, 2]);
  const correction = sum(multiply(gradient, splitHeads(given.output, heads)), [3]); // Δ: [N, h, T, 1]
  const rows = Math.min(tokens, rowsWithin(chunkBytes, batch * heads * axisSize(key, 2)));
  const queryParts: Value[] = [];
  let keySum: Value | undefined;
  let valueSum: Value | undefined;
  for (let start = 0; start < tokens; start += rows) {
    const end = Math.min(tokens, start + rows);
    const part = (x: Value) => slice(x, 2, start, end);
    // A chunk begins when the one before is done: else all maps would be formed first and kept.
    const done = [keySum, valueSum, queryParts.at(-1)].filter((value) => value !== undefined);
    const own = after(part(query), done);
    const weights = softmax(matmul(own, turnedKey)); // P: [N, h, rows, S]
    const inner = matmul(after(part(gradient), done), turnedValue);
    const scores = multiply(weights, subtract(inner, part(correction))); // dS
    queryParts.push(matmul(scores, key));
    keySum = plus(keySum, matmul(scores, own, { transposeA: true }));
    valueSum = plus(valueSum, matmul(weights, part(gradient), { transposeA: true }));
  }
  return [
    joinHeads(multiply(concatenate(queryParts, 2), scale)),
    joinHeads(keySum ?? key),
    joinHeads(valueSum ?? value),
  ];
}

function plus(total: Value | undefined, part: Value): Value {
  return total === undefined ? part : add(total, part);
}

/** [N, T, C] → [N, heads, T, C/heads] */
export function splitHeads(x: Value, heads: number): Value {
  const [batch = 0, tokens = 0, channels = 0] = x.shape;
  return transpose(reshape(x, [batch, tokens, heads, channels / heads]), [0, 2, 1, 3]);
}

/** [N, heads, T, d] → [N, T, heads·d] */
export function joinHeads(x: Value): Value {
  const [batch = 0, heads = 0, tokens = 0, size = 0] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, tokens, heads * size]);
}
