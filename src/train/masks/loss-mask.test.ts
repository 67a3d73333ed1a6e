import { afterAll, describe, expect, test } from 'vitest';
import { sampleLosses } from '../../diffusion/sample-loss.ts';
import {
  compile,
  Graph,
  gradients,
  input,
  reshape,
  subtract,
  sum,
  type Value,
} from '../../graph/index.ts';
import { openSession } from '../../runtime/index.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import { placeWeightsOf, shareOfLatents } from './loss-mask.ts';

/** Grey levels of a square of pixels, as a picture. */
function grey(side: number, level: (x: number, y: number) => number) {
  const data = new Uint8Array(3 * side * side);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    data[i] = level(pixel % side, Math.floor(pixel / side));
  }
  return { width: side, height: side, data };
}

const mean = float32([1, 4, 2, 2]);

describe('a mask at the size of latents', () => {
  test('is the mean of the pixels of each, white being 1 to the bit', () => {
    const halves = grey(16, (x, y) => (y < 8 ? 255 : x % 2 === 0 ? 255 : 0));
    expect([...shareOfLatents(halves, 8).data]).toEqual([1, 1, 0.5, 0.5]);
    const corner = grey(16, (x, y) => (x === 0 && y === 0 ? 102 : 0));
    expect(shareOfLatents(corner, 8).data[0]).toBeCloseTo(0.4 / 64, 7);
    expect(shareOfLatents(corner, 8).shape).toEqual([1, 1, 2, 2]);
  });

  test('weighs places, those outside by no less than what is asked for, over the mean where that is asked for', () => {
    const mask = float32([1, 1, 2, 2], [1, 0.5, 0.1, 0]);
    const weights = (unmaskedWeight: number, normalizeMasks: boolean) => [
      ...placeWeightsOf({ mean, mask }, { masks: 'files', unmaskedWeight, normalizeMasks }).data,
    ];
    expect(weights(0, false)).toEqual([1, 0.5, 0.1, 0].map(Math.fround));
    expect(weights(0.25, false)).toEqual([1, 0.5, 0.25, 0.25]);
    expect(weights(0.25, true)).toEqual([2, 1, 0.5, 0.5]);
  });

  test('is 1 everywhere without a mask, with a white one, and normalised', () => {
    for (const mask of [undefined, float32([1, 1, 2, 2], [1, 1, 1, 1])]) {
      for (const normalizeMasks of [false, true]) {
        const settings = { masks: 'auto', unmaskedWeight: 0.1, normalizeMasks } as const;
        expect([...placeWeightsOf({ mean, mask }, settings).data]).toEqual([1, 1, 1, 1]);
      }
    }
  });

  test('that is black weighs nothing, and is divided by nothing', () => {
    const settings = { masks: 'files', unmaskedWeight: 0, normalizeMasks: true } as const;
    const black = { mean, mask: float32([1, 1, 2, 2]) };
    expect([...placeWeightsOf(black, settings).data]).toEqual([0, 0, 0, 0]);
  });
});

describe('the loss of samples with weights by place', () => {
  const opened: AsyncDisposable[] = [];
  afterAll(async () => {
    for (const session of opened) await session[Symbol.asyncDispose]();
  });
  const shape = [2, 3, 2, 2];
  const count = 24;
  const values = (factor: number) =>
    float32(
      shape,
      Array.from({ length: count }, (_, i) => Math.sin(factor * (i + 1))),
    );
  const prediction = values(1.7);
  const target = values(0.9);
  const placeWeights = float32([2, 1, 2, 2], [1, 0.5, 0.1, 0, 2, 0, 0, 1]);

  async function lossesOf(weights: Tensor<'f32'> | undefined, name: 'l2' | 'huber') {
    const graph = new Graph();
    const x = input(graph, 'prediction', 'f32', shape);
    const difference = subtract(x, input(graph, 'target', 'f32', shape));
    const own: Value | undefined =
      weights && input(graph, 'placeWeights', 'f32', [...weights.shape]);
    const losses = sampleLosses(difference, name, {
      thresholds: () => input(graph, 'thresholds', 'f32', [2]),
      placeWeights: own,
    });
    const [gradient = x] = gradients(reshape(sum(losses, [0]), []), [x]);
    const session = await openSession(compile({ graph, outputs: { losses, gradient } }));
    opened.push(session);
    const thresholds = float32([2], [0.1, 0.4]);
    return async (predicted: Tensor<'f32'>) => {
      const results = await session.run({
        ...{ prediction: predicted, target },
        ...(weights === undefined ? {} : { placeWeights: weights }),
        ...(name === 'huber' ? { thresholds } : {}),
      });
      return { losses: results.get('losses').data, gradient: results.get('gradient').data };
    };
  }

  test('is the mean of the weighted elements over all of them, and so is its gradient', async () => {
    const { losses, gradient } = await (await lossesOf(placeWeights, 'l2'))(prediction);
    const expected = [0, 0];
    for (let i = 0; i < count; i++) {
      const sample = Math.floor(i / 12);
      const weight = placeWeights.data[sample * 4 + (i % 4)] ?? 0;
      const d = (prediction.data[i] ?? 0) - (target.data[i] ?? 0);
      expected[sample] = (expected[sample] ?? 0) + (weight * d * d) / 12;
      // Float32: three products and a division.
      expect(gradient[i]).toBeCloseTo((weight * 2 * d) / 12, 6);
    }
    expect(losses[0]).toBeCloseTo(expected[0] ?? 0, 6);
    expect(losses[1]).toBeCloseTo(expected[1] ?? 0, 6);
  });

  test('has the gradient that finite differences find', async () => {
    const run = await lossesOf(placeWeights, 'huber');
    const { gradient } = await run(prediction);
    const step = 1e-2;
    for (const i of [0, 3, 7, 12, 17]) {
      const moved = async (by: number) => {
        const other = float32(shape, prediction.data);
        other.data[i] = (other.data[i] ?? 0) + by;
        return (await run(other)).losses.reduce((total, loss) => total + loss, 0);
      };
      const difference = ((await moved(step)) - (await moved(-step))) / (2 * step);
      // Sums of float32 about 1e-7 apart over a step of 1e-2, and the curvature within it.
      expect(difference).toBeCloseTo(gradient[i] ?? 0, 3);
    }
  });

  test('with ones is the one without, to the bit', async () => {
    const ones = float32([2, 1, 2, 2], new Array(8).fill(1));
    expect(await (await lossesOf(ones, 'huber'))(prediction)).toEqual(
      await (await lossesOf(undefined, 'huber'))(prediction),
    );
  });
});
