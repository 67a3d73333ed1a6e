/** @file Products of large matrices in float64 by ONNX Runtime, for algorithms that ask for them. */
import { compile, Graph, input, matmul } from '../graph/index.ts';
import type { Matrix64, ProductRequest } from '../tensor/products.ts';
import { tensor } from '../tensor/tensor.ts';
import { openSession, type Session } from './session.ts';

/** Multiplies matrices; holds a small session for every size until it is disposed of. */
export class MatrixProducts {
  readonly #sessions = new Map<string, Promise<Session>>();

  /** A·B of [m, k] and [k, n]. */
  async multiply({ a, b }: ProductRequest): Promise<Matrix64> {
    const key = [...a.shape, ...b.shape].join();
    const known = this.#sessions.get(key) ?? openProduct(a, b);
    this.#sessions.set(key, known);
    const found = (await (await known).run({ a, b })).get('product', 'f64');
    return tensor('f64', found.shape, found.data);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions.values()) await (await session)[Symbol.asyncDispose]();
  }
}

async function openProduct(a: Matrix64, b: Matrix64): Promise<Session> {
  const graph = new Graph();
  const product = matmul(input(graph, 'a', 'f64', a.shape), input(graph, 'b', 'f64', b.shape));
  return await openSession(compile({ graph, outputs: { product } }), { arena: false });
}
