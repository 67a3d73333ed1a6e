/** @file One change of a weight for several concepts: theirs on their own texts, the least on all others (Kumari et al. 2023, 4.3). */
import { ConfigError, invariant } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import { type CholeskyFactor, cholesky, solve } from '../../tensor/linear-algebra/cholesky.ts';
import { dot } from '../../tensor/linear-algebra/columns.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';

/** States of tokens, one a row. */
export type Rows = readonly Float64Array[];

/**
 * The change of least effect on texts: of all ΔW with ΔW·cᵢ = rᵢ for every target cᵢ, that of the least
 * ‖ΔW·C_regᵀ‖² + ε‖ΔW‖². With G = C_regᵀ·C_reg + ε and the rows d = C·G⁻¹ it is ΔW = Rᵀ·(d·Cᵀ)⁻¹·d, since the gradient
 * of half of that is ΔW·G, which Lagrange's multipliers make a combination of the targets. None of this depends on the
 * weight, so it serves every site whose input are these states.
 *
 * ε is a millionth of the mean of G's diagonal: states come from a normalisation, which leaves them next to nothing in
 * one direction, where only rounding would say how large the change is.
 */
export class ConstrainedChanges {
  /** C·G⁻¹: [s][in]. */
  readonly #directions: Rows;
  readonly #gram: CholeskyFactor;
  readonly #width: number;

  /**
   * @param targets C: where the change is decided
   * @param others C_reg: where it is to be small
   * @throws ConfigError MERGE_TARGETS where targets depend on each other
   */
  constructor(targets: Rows, others: Rows) {
    this.#width = targets[0]?.length ?? 0;
    const scatter = cholesky(scatterOf(others, this.#width), this.#width);
    invariant(scatter !== undefined, 'a scatter with a ridge that is not positive definite');
    this.#directions = targets.map((row) => solve(scatter, row));
    const gram = Float64Array.from(
      targets.flatMap((row) => this.#directions.map((direction) => dot(row, direction))),
    );
    const factor = cholesky(gram, targets.length);
    if (factor === undefined) {
      throw new ConfigError(
        'MERGE_TARGETS',
        'the texts of the subjects are not independent of each other, so that no weight does for all what each was taught; train them with words of their own (newToken)',
      );
    }
    this.#gram = factor;
  }

  /**
   * ΔW: [out, in].
   *
   * @param results R: what it makes of every target
   */
  of(results: Rows): Tensor<'f32'> {
    const out = results[0]?.length ?? 0;
    const change = new Float32Array(out * this.#width);
    for (let row = 0; row < out; row++) {
      const shares = solve(
        this.#gram,
        Float64Array.from(results, (result) => result[row] ?? 0),
      );
      const values = new Float64Array(this.#width);
      for (const [i, share] of shares.entries()) {
        const direction = required(this.#directions, i);
        for (let k = 0; k < values.length; k++) {
          values[k] = (values[k] ?? 0) + share * (direction[k] ?? 0);
        }
      }
      change.set(values, row * this.#width);
    }
    return float32([out, this.#width], change);
  }
}

/** ΔW·c of every state c: [rows][out]. */
export function appliedTo({ shape, data }: Tensor<'f32'>, states: Rows): Rows {
  const [out = 0, width = 0] = shape;
  return states.map((state) => {
    const result = new Float64Array(out);
    for (let row = 0; row < out; row++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += (data[row * width + k] ?? 0) * (state[k] ?? 0);
      result[row] = sum;
    }
    return result;
  });
}

/** Of the mean of the diagonal. */
const ridge = 1e-6;

/** Σ c·cᵀ + ε: [n, n], its lower triangle. */
function scatterOf(rows: Rows, width: number): Float64Array {
  const sums = new Float64Array(width * width);
  for (const row of rows) {
    for (let i = 0; i < width; i++) {
      const value = row[i] ?? 0;
      for (let k = 0; k <= i; k++)
        sums[i * width + k] = (sums[i * width + k] ?? 0) + value * (row[k] ?? 0);
    }
  }
  let trace = 0;
  for (let i = 0; i < width; i++) trace += sums[i * width + i] ?? 0;
  for (let i = 0; i < width; i++) {
    sums[i * width + i] = (sums[i * width + i] ?? 0) + (ridge * trace) / width;
  }
  return sums;
}
