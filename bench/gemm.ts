/** @file The rate the machine reaches on one large product through the same runtime: what others are a share of. */
import { TorchGenerator } from '../src/base/torch-random.ts';
import { compile, Graph, input, matmul } from '../src/graph/index.ts';
import { openSession } from '../src/runtime/index.ts';
import { float32 } from '../src/tensor/tensor.ts';
import type { OpenSubject } from './options.ts';

/** Large enough that its time is arithmetic, small enough for a fraction of a second. */
const side = 2048;

export const openGemm: OpenSubject = async () => {
  const graph = new Graph();
  const [a, b] = ['a', 'b'].map((name) => input(graph, name, 'f32', [side, side]));
  if (a === undefined || b === undefined) throw new Error('internal: two inputs were made');
  // A sum over the product would save copying it out, but 16 MB cost a hundredth of it.
  const program = compile({ graph, outputs: { product: matmul(a, b) } });
  const session = await openSession(program);
  const random = new TorchGenerator(0);
  const matrix = () => float32([side, side], random.randn(side * side));
  const inputs = { a: matrix(), b: matrix() };
  return {
    flops: session.flops,
    run: async () => {
      await session.run(inputs);
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
};
