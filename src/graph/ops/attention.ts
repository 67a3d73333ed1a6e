/** @file Scaled dot-product attention as one operation, so that its backward pass never holds a whole map of weights. */
import { required } from '../../base/required.ts';
import { elementCount, float32, int64 } from '../../tensor/tensor.ts';
import { axisSize, type Emission, type Operation, requireShape, type Value } from '../graph.ts';
import { attentionGradients, rowsWithin } from './attention-gradient.ts';
import { requireHeads } from './heads.ts';

/** O = softmax(Q Kᵀ/√d) V per head. */
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
      built ??= attentionGradients({ gradient, output, query, key, value, heads });
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

/** softmax(Q Kᵀ/√d) V per head (Vaswani et al. 2017, eq. 1); query [N, T, C], key and value [N, S, C] → [N, T, C]. */
export function attention(query: Value, key: Value, value: Value, heads: number): Value {
  return query.graph.apply1(attentionOperation(heads), [query, key, value]);
}
