/** @file Rotations from skew-symmetric matrices, less the identity. Q: [blocks, n, n] with Qᵀ = −Q. */
import {
  add,
  axisSize,
  constant,
  divide,
  type Graph,
  gather,
  matmul,
  multiply,
  negate,
  noGradient,
  reshape,
  sqrt,
  square,
  subtract,
  sum,
  transpose,
  type Value,
  withGradient,
} from '../../graph/index.ts';
import { float32, int64 } from '../../tensor/tensor.ts';

/** The matrices Q whose entries above the diagonal are given row by row: [blocks, n(n−1)/2] → [blocks, n, n]. */
export function skewSymmetric(upper: Value, n: number): Value {
  const { graph } = upper;
  const entries = new Array<number>(n * n).fill(0);
  const signs = float32([n * n, 1]);
  let entry = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++, entry++) {
      entries[i * n + j] = entry;
      entries[j * n + i] = entry;
      signs.data[i * n + j] = 1;
      signs.data[j * n + i] = -1;
    }
  }
  const unsigned = gather(transpose(upper, [1, 0]), constant(graph, int64([n * n], entries)));
  const rows = multiply(unsigned, constant(graph, signs)); // [n·n, blocks]
  return reshape(transpose(rows, [1, 0]), [axisSize(upper, 0), n, n]);
}

/**
 * (I − Q)(I + Q)⁻¹ − I = −2 Q (I + Q)⁻¹: Cayley's rotation, by 2·arctan λ for every pair of eigenvalues ±iλ of Q. In
 * this form nothing cancels where Q is small, and where it is zero the result is.
 */
export function cayley(q: Value): Value {
  return multiply(matmul(q, inverseOfIdentityPlus(q)), -2);
}

/**
 * Newton's steps, each of which squares the residual. With the start below it is at most 1 − 2/(2 + Λ), Λ the bound on
 * λ², so that twelve bring it below float32's rounding for Λ up to 450, which is a rotation by 175°.
 */
const iterations = 12;

/** (I + Q)⁻¹ by Newton's iteration X ← X (2I − (I + Q) X) from a multiple of I − Q, since (I + Q)(I − Q) = I + QᵀQ. */
function inverseOfIdentityPlus(q: Value): Value {
  const one = identity(q.graph, axisSize(q, -1));
  const matrix = add(one, q);
  // Each pair of eigenvalues contributes 2λ⁴ to the sum of squares of QᵀQ, so that no λ² is above this.
  const gram = matmul(q, q, { transposeA: true });
  const bound = multiply(sqrt(sum(square(gram), [1, 2])), Math.SQRT1_2);
  let inverse = multiply(subtract(one, q), divide(2, add(bound, 2)));
  for (let i = 0; i < iterations; i++) {
    inverse = subtract(multiply(inverse, 2), matmul(inverse, matmul(matrix, inverse)));
  }
  // dM = −Xᵀ dX Xᵀ, whatever way X was found.
  return withGradient(inverse, [matrix, inverse], (gradient, _, x) =>
    x === undefined ? [] : [() => negate(throughInverse(x, gradient)), replaced],
  );
}

const replaced = noGradient('the rule of the matrix is the whole gradient');

/** Xᵀ D Xᵀ */
function throughInverse(x: Value, gradient: Value): Value {
  return matmul(matmul(x, gradient, { transposeA: true }), x, { transposeB: true });
}

/**
 * What PEFT computes by default: the series 2Q + 2Q² + … of (I + Q)(I − Q)⁻¹ − I, cut off after some terms with half
 * of the last. Its sign is the other one than Cayley's, and it is a rotation only for small Q.
 *
 * @param terms as PEFT counts them, the identity included; 3 and 4 are the same there
 */
export function neumannSeries(q: Value, terms: number): Value {
  const last = terms === 2 ? 1 : Math.max(3, terms - 1);
  let power = q;
  let total = multiply(q, 2);
  for (let exponent = 2; exponent <= last; exponent++) {
    power = matmul(power, q);
    total = add(total, exponent === last ? power : multiply(power, 2));
  }
  return total;
}

function identity(graph: Graph, n: number): Value {
  const values = float32([n, n]);
  for (let i = 0; i < n; i++) values.data[i * n + i] = 1;
  return constant(graph, values);
}
