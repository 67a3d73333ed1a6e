/** @file Whether the sums that products in integers are made of are exact on this processor, found by computing one. */
import { encodeOnnx } from '../formats/onnx.ts';
import type { Engine } from '../platform/onnx/engine.ts';
import { tensor } from '../tensor/tensor.ts';

const found = new WeakMap<Engine, Promise<boolean>>();

/**
 * Whether kernels cut off sums of two products of unsigned and signed bytes: without VNNI they are added in 16 bits
 * (docs/pitfalls.md).
 */
export async function integerSumsOverflow(engine: Engine): Promise<boolean> {
  const known = found.get(engine) ?? largestSumIsWrong(engine);
  found.set(engine, known);
  return await known;
}

/** Of a row and a column, so long that every kernel has a whole step of them. */
const length = 256;
const [largest, largestSigned] = [255, 127];

async function largestSumIsWrong(engine: Engine): Promise<boolean> {
  const model = encodeOnnx({
    name: 'largest-sum',
    inputs: [{ name: 'row', dtype: 'u8', shape: [1, length] }],
    outputs: [{ name: 'sum', dtype: 'i32', shape: [1, 1] }],
    initializers: [
      {
        name: 'column',
        value: tensor('i8', [length, 1], new Int8Array(length).fill(largestSigned)),
      },
    ],
    nodes: [
      {
        ...{ name: 'sum', type: 'MatMulInteger', inputs: ['row', 'column'], outputs: ['sum'] },
        attributes: {},
      },
    ],
  });
  const session = await engine.open(model, { eightBitProducts: true, threads: 1 });
  try {
    const row = tensor('u8', [1, length], new Uint8Array(length).fill(largest));
    const sum = (await session.run(new Map([['row', row]]))).get('sum');
    return Number(sum?.data[0]) !== length * largest * largestSigned;
  } finally {
    await session.release();
  }
}
