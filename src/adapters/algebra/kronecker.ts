/** @file The Kronecker product in a graph, and a linear layer adapted by one with its factored gradient. */
import {
  add,
  axisSize,
  linear,
  matmul,
  multiply,
  reshape,
  rowsOf,
  transpose,
  type Value,
  withGradient,
} from '../../graph/index.ts';

/**
 * How the rows of the product are ordered. A is a1 × a2, B is b1 × b2; entry A[q, i]·B[p, j] stands in column i·b2 + j and
 *   kron: in row q·b1 + p, which is A ⊗ B;
 *   reference: in row p·a1 + q, as the code published with DiffuseKronA orders its output.
 */
export type KroneckerLayout = 'kron' | 'reference';

/** [a1·b1, a2·b2] of A and B. */
export function kronecker(a: Value, b: Value, layout: KroneckerLayout = 'kron'): Value {
  const [a1 = 1, a2 = 1] = a.shape;
  const [b1 = 1, b2 = 1] = b.shape;
  const columnsOfA = reshape(a, layout === 'kron' ? [a1, 1, a2, 1] : [1, a1, a2, 1]);
  const columnsOfB = reshape(b, layout === 'kron' ? [1, b1, 1, b2] : [b1, 1, 1, b2]);
  return reshape(multiply(columnsOfA, columnsOfB), [a1 * b1, a2 * b2]);
}

/** A linear layer and the factors of its change. */
export interface KroneckerLinear {
  /** [..., in] */
  readonly x: Value;
  /** [out, in] */
  readonly weight: Value;
  readonly a: Value;
  readonly b: Value;
  /** @default 'kron' */
  readonly layout?: KroneckerLayout;
}

/**
 * x (W + A ⊗ B)ᵀ with the weight merged, one pass over W whatever the number of tokens, and the factored gradient,
 * which never forms dW and does not need the merged weight again. With X_t the t-th row of x as a2 × b2, D_t the
 * output gradient as a1 × b1, and V_t = D_t B:
 *   dA = Σ_t V_t X_tᵀ,  dB = Σ_t D_tᵀ (A X_t),  dX_t = (dY W)_t + Aᵀ V_t.
 * In the layout of the reference a row of dY holds D_tᵀ, and everything else is the same.
 */
export function kroneckerLinear({ x, weight, a, b, layout = 'kron' }: KroneckerLinear): Value {
  const merged = add(weight, kronecker(a, b, layout));
  return withGradient(linear(x, merged), [x, a, b, weight], (gradient, ...given) =>
    factoredRules(gradient, given, layout),
  );
}

/** The rules of x, A, B and W, given dY. */
function factoredRules(
  gradient: Value,
  [x, a, b, weight]: readonly Value[],
  layout: KroneckerLayout,
): readonly (() => Value)[] {
  if (!(x && a && b && weight)) return [];
  const [a1 = 1, a2 = 1] = a.shape;
  const [b1 = 1, b2 = 1] = b.shape;
  const rows = rowsOf(gradient, a1 * b1); // dY: [T, out]
  const blocks =
    layout === 'kron' ? rows : transpose(reshape(rows, [axisSize(rows, 0), b1, a1]), [0, 2, 1]);
  const byColumn = rowsOf(blocks, b1); // D: [T·a1, b1]
  const folded = tokensLast(matmul(byColumn, b), a1, b2); // V: [a1, T·b2]
  return [
    () => {
      const through = tokensFirst(matmul(a, folded, { transposeA: true }), a2, b2); // [T·a2, b2]
      return reshape(add(matmul(rows, weight), rowsOf(through, a2 * b2)), x.shape);
    },
    () => matmul(folded, tokensLast(x, a2, b2), { transposeB: true }),
    () => {
      const mixed = tokensFirst(matmul(a, tokensLast(x, a2, b2)), a1, b2); // A X: [T·a1, b2]
      return matmul(byColumn, mixed, { transposeA: true });
    },
    () => matmul(rows, rowsOf(x, a2 * b2), { transposeA: true }), // dW, where W is trained too
  ];
}

/** [..., rows·columns] → [rows, T·columns] */
function tokensLast(x: Value, rows: number, columns: number): Value {
  const tokens = axisSize(rowsOf(x, rows * columns), 0);
  return reshape(transpose(reshape(x, [tokens, rows, columns]), [1, 0, 2]), [
    rows,
    tokens * columns,
  ]);
}

/** [rows, T·columns] → [T·rows, columns] */
function tokensFirst(x: Value, rows: number, columns: number): Value {
  const tokens = axisSize(x, 1) / columns;
  return reshape(transpose(reshape(x, [rows, tokens, columns]), [1, 0, 2]), [
    tokens * rows,
    columns,
  ]);
}
