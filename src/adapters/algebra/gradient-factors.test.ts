import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import { compile, constant, Graph, input } from '../../graph/index.ts';
import type { Site } from '../../nn/index.ts';
import { openSession } from '../../runtime/index.ts';
import { dot } from '../../tensor/linear-algebra/columns.ts';
import { matmul, transpose2d } from '../../tensor/linear-algebra/host-matrices.ts';
import { svd } from '../../tensor/linear-algebra/svd.ts';
import { drawNormal, float32, reshaped, type Tensor } from '../../tensor/tensor.ts';
import type { SiteTensors } from '../adapter.ts';
import { configureAdapter } from '../registry.ts';

const site: Site = { name: 'unet.to_q', kind: 'linear', out: 24, in: 20 };
const random = new TorchGenerator(0);
const terms = 2;
const options = { a1: 4, a2: 5, terms, start: 'gradient' };
const adapter = configureAdapter('krona', options);

function drawn(): Record<string, Tensor<'f32'>> {
  return Object.fromEntries(
    adapter.parameters(site).map(({ name, shape }) => [name, drawNormal(random, shape)]),
  );
}

/** A matrix [20, 24] whose singular values halve. */
function falling(): Tensor<'f32'> {
  const { u, s, v } = svd(drawNormal(random, [20, 24]));
  const columns = u.data.map((value, i) => value * 2 ** -(i % s.length));
  return matmul(float32(u.shape, columns), transpose2d(float32(v.shape, v.data)));
}

/** What a training step gives of a loss whose gradient, rearranged, is M [20, 24]. */
function gradientsOf(m: Tensor<'f32'>, values: SiteTensors): SiteTensors {
  const flat = (name: string) => {
    const { shape, data } = values[name] ?? float32([]);
    return float32([shape[0] ?? 0, data.length / (shape[0] ?? 1)], data);
  };
  const like = (name: string, found: Tensor<'f32'>, sign = 1) => {
    const shape = values[name]?.shape ?? [];
    return reshaped(
      float32(
        found.shape,
        found.data.map((value) => sign * value),
      ),
      shape,
    );
  };
  return {
    A: like('A', matmul(flat('B'), transpose2d(m))),
    B: like('B', matmul(flat('A'), m)),
    startA: like('startA', matmul(flat('startB'), transpose2d(m)), -1),
    startB: like('startB', matmul(flat('startA'), m), -1),
  };
}

/** The start, and how often it asked for gradients. */
function startFrom(m: Tensor<'f32'>) {
  const work = adapter.gradientStart?.compute(site, drawn());
  if (work === undefined) throw new Error('there is no start from gradients');
  let asked = 0;
  let step = work.next();
  while (!step.done) {
    const { A, B, startA, startB } = step.value;
    // Wherever it asks, ΔW is nothing.
    for (const [a, b] of [
      [A, B],
      [startA, startB],
    ]) {
      expect([a, b].some((factor) => factor?.data.every((value) => value === 0))).toBe(true);
    }
    asked += 1;
    step = work.next(gradientsOf(m, step.value));
  }
  return { start: step.value, asked };
}

const column = (stack: Tensor<'f32'> | undefined, term: number): Float64Array => {
  const { data } = stack ?? float32([]);
  const size = data.length / terms;
  return Float64Array.from(data.subarray(term * size, (term + 1) * size));
};

describe('a start from gradients', () => {
  const m = falling();
  const { start, asked } = startFrom(m);

  test('is along the first singular vectors, those of B behind those of A', () => {
    const { u, v } = svd(m);
    const norm = 24 ** (1 / 4) / 4;
    for (let term = 0; term < terms; term++) {
      const right = (of: Tensor<'f64'>, k: number) =>
        Float64Array.from(
          { length: of.shape[0] ?? 0 },
          (_, i) => of.data[i * (of.shape[1] ?? 0) + k] ?? 0,
        );
      const [a, b] = [column(start.A, term), column(start.B, term)];
      expect(Math.hypot(...a)).toBeCloseTo(norm, 5);
      expect(Math.hypot(...b)).toBeCloseTo(norm, 5);
      // Squared cosines; values that halve leave (1/2)^10 of the next one in the last direction.
      expect((dot(a, right(u, term)) / norm) ** 2).toBeGreaterThan(0.99);
      expect((dot(b, right(v, terms + term)) / norm) ** 2).toBeGreaterThan(0.99);
    }
    expect(asked).toBe(adapter.gradientStart?.rounds);
  });

  test('begins with no change at all, and is taken off', async () => {
    expect(start.startA).toEqual(start.A);
    expect(start.startA?.data).not.toBe(start.A?.data);
    const graph = new Graph();
    const parameters = Object.fromEntries(
      Object.entries(start).map(([name, { shape }]) => [name, input(graph, name, 'f32', shape)]),
    );
    const weight = constant(graph, float32([24, 20]));
    const delta = adapter.deltaWeight({ site, weight, parameters });
    await using session = await openSession(compile({ graph, outputs: { delta } }));
    const { data } = (await session.run(start)).get('delta');
    expect(data.every((value) => value === 0)).toBe(true);
  });

  test('from a gradient of zeros has directions of its own', () => {
    const { start: none } = startFrom(float32([20, 24]));
    for (const stack of [none.A, none.B]) {
      const [first, second] = [column(stack, 0), column(stack, 1)];
      expect(Math.hypot(...first)).toBeCloseTo(24 ** (1 / 4) / 4, 5);
      expect(dot(first, second)).toBeCloseTo(0, 5);
    }
  });
});

test('files hold it as twice as many products', () => {
  const finished = adapter.finished;
  expect(configureAdapter('krona', finished?.options).options).toMatchObject({
    a1: 4,
    a2: 5,
    terms: 4,
  });
  expect(finished?.options).not.toHaveProperty('start');
});
