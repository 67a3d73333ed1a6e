/** @file The contrastive loss of two lists of vectors whose pairs belong together. */
import {
  add,
  divide,
  log,
  matmul,
  mean,
  multiply,
  negate,
  type Operand,
  reshape,
  softmax,
  sqrt,
  square,
  sum,
  type Value,
} from '../../src/graph/index.ts';

/** Vectors of length one; x: [N, size]. */
export function normalized(x: Value): Value {
  return divide(x, sqrt(add(sum(square(x), [1]), 1e-12)));
}

/**
 * Cross-entropy of finding the partners of each row, and of each column (Radford et al. 2021).
 *
 * @param targets the share of each column among a row's partners: [N, N], rows summing to one, symmetric
 * @param scale of the similarities
 */
export function contrast(a: Value, b: Value, targets: Value, scale: Operand): Value {
  const there = multiply(matmul(normalized(a), normalized(b), { transposeB: true }), scale);
  const back = multiply(matmul(normalized(b), normalized(a), { transposeB: true }), scale);
  return multiply(add(crossEntropy(there, targets), crossEntropy(back, targets)), 0.5);
}

/** Of the softmax of rows; far from zero, so that its logarithm is. */
function crossEntropy(logits: Value, targets: Value): Value {
  const surprise = negate(log(add(softmax(logits), 1e-9)));
  return reshape(mean(sum(multiply(targets, surprise), [1]), [0]), []);
}
