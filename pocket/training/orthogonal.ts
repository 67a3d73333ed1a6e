/** @file The nearest orthogonal matrix to an update, by Newton and Schulz's iteration (Jordan et al. 2024, "Muon"). */
import {
  add,
  compile,
  divide,
  Graph,
  input,
  matmul,
  multiply,
  sqrt,
  square,
  sum,
} from '../../src/graph/index.ts';
import { openSession, type Session } from '../../src/runtime/index.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';

/** Coefficients of the quintic that Muon publishes: fast near zero, and within 0.7 to 1.2 after five iterations. */
const [a, b, c] = [3.4445, -4.775, 2.0315];
const iterations = 5;

/** Orthogonalises matrices of one shape [m, n], m ≤ n or not. */
export async function openOrthogonal(rows: number, columns: number): Promise<Orthogonal> {
  const graph = new Graph();
  const given = input(graph, 'matrix', 'f32', [rows, columns]);
  const norm = sqrt(add(sum(square(given), [0, 1]), 1e-14)); // [1, 1]
  let x = divide(given, norm);
  const isWide = rows <= columns;
  for (let i = 0; i < iterations; i++) {
    // X ← aX + (bG + cG²)X with G = XXᵀ, or from the right with G = XᵀX: whichever is smaller.
    const gram = isWide ? matmul(x, x, { transposeB: true }) : matmul(x, x, { transposeA: true });
    const polynomial = add(multiply(gram, b), multiply(matmul(gram, gram), c));
    const change = isWide ? matmul(polynomial, x) : matmul(x, polynomial);
    x = add(multiply(x, a), change);
  }
  return new Orthogonal(
    await openSession(compile({ graph, outputs: { orthogonal: x } }), { threads: 1 }),
  );
}

/** A loaded iteration. */
export class Orthogonal {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async of(matrix: Tensor<'f32'>): Promise<Tensor<'f32'>> {
    return (await this.#session.run({ matrix })).get('orthogonal');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}
