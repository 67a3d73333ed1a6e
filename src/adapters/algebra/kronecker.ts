/** @file Kronecker products and their sums in a graph, and a linear layer adapted by them with its factored gradient. */
import {
  add,
  axisSize,
  isInEightBits,
  linear,
  matmul,
  multiply,
  reshape,
  rowsOf,
  slice,
  transpose,
  type Value,
  withGradient,
} from '../../graph/index.ts';
import type { Shape } from '../../tensor/tensor.ts';

/**
 * How the rows of the product are ordered. A is a1 × a2, B is b1 × b2; entry A[q, i]·B[p, j] stands in column i·b2 + j and
 *   kron: in row q·b1 + p, which is A ⊗ B;
 *   reference: in row p·a1 + q, as the code published with DiffuseKronA orders its output.
 */
export type KroneckerLayout = 'kron' | 'reference';

/** A ⊗ B of A [a1, a2] and B [b1, b2], or Σ_r A_r ⊗ B_r of stacks [R, a1, a2] and [R, b1, b2]: [a1·b1, a2·b2]. */
export function kronecker(a: Value, b: Value, layout: KroneckerLayout = 'kron'): Value {
  const { terms, a1, a2, b1, b2 } = factorSizes(a, b);
  if (terms > 1) {
    // One after the other, so that a product and its negative leave exactly zero.
    return Array.from({ length: terms }, (_, term) =>
      kronecker(
        reshape(slice(a, 0, term, term + 1), [a1, a2]),
        reshape(slice(b, 0, term, term + 1), [b1, b2]),
        layout,
      ),
    ).reduce((sum, each) => add(sum, each));
  }
  const columnsOfA = reshape(a, layout === 'kron' ? [a1, 1, a2, 1] : [1, a1, a2, 1]);
  const columnsOfB = reshape(b, layout === 'kron' ? [1, b1, 1, b2] : [b1, 1, 1, b2]);
  return reshape(multiply(columnsOfA, columnsOfB), [a1 * b1, a2 * b2]);
}

/** The sizes of two factors, or of those in two stacks of R. */
function factorSizes({ shape: ofA }: Value, { shape: ofB }: Value) {
  const [a1 = 1, a2 = 1] = ofA.slice(-2);
  const [b1 = 1, b2 = 1] = ofB.slice(-2);
  const [terms = 1] = ofA.slice(0, -2);
  return { terms, a1, a2, b1, b2 };
}

/** A linear layer and the factors of its change. */
export interface KroneckerLinear {
  /** [..., in] */
  readonly x: Value;
  /** [out, in] */
  readonly weight: Value;
  /** [a1, a2], or [R, a1, a2] */
  readonly a: Value;
  /** [b1, b2], or [R, b1, b2] */
  readonly b: Value;
  /** @default 'kron' */
  readonly layout?: KroneckerLayout;
}

/**
 * x (W + Σ_r A_r ⊗ B_r)ᵀ with the weight merged, one pass over W whatever the number of tokens (one in eight bits stays as
 * it is, with a factored product beside it), and the factored
 * gradient, which never forms dW and does not need the merged weight again. With X_t the t-th row of x as a2 × b2, D_t
 * the output gradient as a1 × b1, and V_rt = D_t B_r:
 *   dA_r = Σ_t V_rt X_tᵀ,  dB_r = Σ_t D_tᵀ (A_r X_t),  dX_t = (dY W)_t + Σ_r A_rᵀ V_rt.
 * All A_r stand below one another and all B_r side by side, so that R products cost as many operations as one of R times
 * the size. In the layout of the reference a row of dY holds D_tᵀ, and everything else is the same.
 */
export function kroneckerLinear(product: KroneckerLinear): Value {
  const { x, weight, a, b, layout = 'kron' } = product;
  const y = isInEightBits(weight)
    ? add(linear(x, weight), factoredChange(product))
    : linear(x, add(weight, kronecker(a, b, layout)));
  return withGradient(y, [x, a, b, weight], (gradient, ...given) =>
    factoredRules(gradient, given, layout),
  );
}

/**
 * x (Σ_r A_r ⊗ B_r)ᵀ, the t-th row of which is Σ_r A_r X_t B_rᵀ: beside a weight of eight bits, which merged would be none
 * any more.
 */
function factoredChange({ x, a, b, layout = 'kron' }: KroneckerLinear): Value {
  const { terms, a1, a2, b1, b2 } = factorSizes(a, b);
  const below = reshape(a, [terms * a1, a2]);
  const mixed = tokensFirst(matmul(below, tokensLast(x, [a2, b2])), [a1, b2], terms); // A X: [T·a1, R·b2]
  const blocks = matmul(mixed, sideBySide(b), { transposeB: true }); // [T·a1, b1]
  const tokens = axisSize(blocks, 0) / a1;
  const rows = layout === 'kron' ? blocks : transpose(reshape(blocks, [tokens, a1, b1]), [0, 2, 1]);
  return reshape(rows, [...x.shape.slice(0, -1), a1 * b1]);
}

/** The rules of x, A, B and W, given dY. */
function factoredRules(
  gradient: Value,
  [x, a, b, weight]: readonly Value[],
  layout: KroneckerLayout,
): readonly (() => Value)[] {
  if (!(x && a && b && weight)) return [];
  const { terms, a1, a2, b1, b2 } = factorSizes(a, b);
  const below = reshape(a, [terms * a1, a2]);
  const rows = rowsOf(gradient, a1 * b1); // dY: [T, out]
  const blocks =
    layout === 'kron' ? rows : transpose(reshape(rows, [axisSize(rows, 0), b1, a1]), [0, 2, 1]);
  const byColumn = rowsOf(blocks, b1); // D: [T·a1, b1]
  const folded = tokensLast(matmul(byColumn, sideBySide(b)), [a1, b2], terms); // V: [R·a1, T·b2]
  return [
    () => {
      const through = tokensFirst(matmul(below, folded, { transposeA: true }), [a2, b2]); // [T·a2, b2]
      return reshape(add(matmul(rows, weight), rowsOf(through, a2 * b2)), x.shape);
    },
    () => reshape(matmul(folded, tokensLast(x, [a2, b2]), { transposeB: true }), a.shape),
    () => {
      const mixed = tokensFirst(matmul(below, tokensLast(x, [a2, b2])), [a1, b2], terms); // A X: [T·a1, R·b2]
      return stacked(matmul(byColumn, mixed, { transposeA: true }), b.shape);
    },
    () => matmul(rows, rowsOf(x, a2 * b2), { transposeA: true }), // dW, where W is trained too
  ];
}

/** [R, b1, b2] → [b1, R·b2]; one factor as it is. */
function sideBySide(b: Value): Value {
  const [terms = 1, b1 = 1, b2 = 1] = b.shape;
  return b.shape.length === 2 ? b : reshape(transpose(b, [1, 0, 2]), [b1, terms * b2]);
}

/** [b1, R·b2] → [R, b1, b2]; one factor as it is. */
function stacked(x: Value, shape: Shape): Value {
  const [terms = 1, b1 = 1, b2 = 1] = shape;
  return shape.length === 2 ? x : transpose(reshape(x, [b1, terms, b2]), [1, 0, 2]);
}

type Size = readonly [rows: number, columns: number];

/** [..., rows·R·columns] → [R·rows, T·columns] */
function tokensLast(x: Value, [rows, columns]: Size, terms = 1): Value {
  const tokens = axisSize(rowsOf(x, rows * terms * columns), 0);
  const turned =
    terms === 1
      ? transpose(reshape(x, [tokens, rows, columns]), [1, 0, 2])
      : transpose(reshape(x, [tokens, rows, terms, columns]), [2, 1, 0, 3]);
  return reshape(turned, [terms * rows, tokens * columns]);
}

/** [R·rows, T·columns] → [T·rows, R·columns] */
function tokensFirst(x: Value, [rows, columns]: Size, terms = 1): Value {
  const tokens = axisSize(x, 1) / columns;
  const turned =
    terms === 1
      ? transpose(reshape(x, [rows, tokens, columns]), [1, 0, 2])
      : transpose(reshape(x, [terms, rows, tokens, columns]), [2, 1, 0, 3]);
  return reshape(turned, [tokens * rows, terms * columns]);
}
