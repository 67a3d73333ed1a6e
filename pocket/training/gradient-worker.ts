/** @file A thread that computes the gradients of its share of a batch. */
import { parentPort, workerData } from 'node:worker_threads';
import { type CompiledProgram, gradientName } from '../../src/graph/index.ts';
import { openSession } from '../../src/runtime/index.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { flatten, type Shapes, unflattened } from './flat-tensors.ts';

/** What a worker is started with. */
export interface GradientWork {
  readonly program: CompiledProgram;
  readonly weights: Shapes;
  readonly trained: Shapes;
  /** Shared: all weights, and the gradients of this worker. */
  readonly weightBlock: Float32Array;
  readonly gradientBlock: Float32Array;
}

/** One share of a batch, by the names of the program's inputs. */
export type Feeds = Readonly<Record<string, Tensor>>;

/** What a worker answers besides the gradients: the program's scalars. */
export type Scalars = Readonly<Record<string, number>>;

const { program, weights, trained, weightBlock, gradientBlock } = workerData as GradientWork;
const session = await openSession(program, { threads: 1 });
const scalarNames = [...program.outputs]
  .filter(([name, { shape }]) => shape.length === 0 && !name.startsWith(gradientName('')))
  .map(([name]) => name);

parentPort?.on('message', async (feeds: Feeds | 'end') => {
  if (feeds === 'end') {
    await session[Symbol.asyncDispose]();
    parentPort?.close();
    return;
  }
  const outputs = await session.run({
    ...feeds,
    ...Object.fromEntries(unflattened(weightBlock, weights)),
  });
  flatten({ get: (name) => outputs.get(gradientName(name)) }, trained, gradientBlock);
  const scalars = scalarNames.map((name) => [name, outputs.get(name).data[0] ?? Number.NaN]);
  parentPort?.postMessage(Object.fromEntries(scalars));
});
