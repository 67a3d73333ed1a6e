/** @file The rate that a machine reaches on a large product of matrices. */
import { compile, Graph, input, matmul } from '../graph/index.ts';
import { float32 } from '../tensor/tensor.ts';
import { openSession } from './session.ts';

/** Large enough that its time is arithmetic, small enough for a fraction of a second. */
const side = 1024;
const repetitions = 5;

/**
 * Floating-point operations a second, the fastest of a few tries.
 *
 * @param now milliseconds
 */
export async function productRate(now: () => number): Promise<number> {
  const graph = new Graph();
  const a = input(graph, 'a', 'f32', [side, side]);
  const b = input(graph, 'b', 'f32', [side, side]);
  await using session = await openSession(compile({ graph, outputs: { product: matmul(a, b) } }));
  const ones = float32([side, side], new Float32Array(side * side).fill(1));
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repetitions; i++) {
    const start = now();
    await session.run({ a: ones, b: ones });
    fastest = Math.min(fastest, now() - start);
  }
  // A clock of whole milliseconds may see none pass.
  return session.flops / (Math.max(1, fastest) / 1000);
}
