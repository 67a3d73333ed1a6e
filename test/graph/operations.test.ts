/** @file Every operation: its gradient against central differences, and its forward against plain loops where one is short. */
import { expect, test } from 'vitest';
import {
  deduplicate,
  Graph,
  gradients,
  input,
  multiply,
  removeDeadCode,
  reshape,
  sum,
  verify,
  withGradient,
} from '../../src/graph/index.ts';
import { elementCount, float32 } from '../../src/tensor/tensor.ts';
import { openProgram } from '../devices/test-device.ts';
import { gradientProgram, operationCases } from './operation-cases.ts';

test.each(Object.entries(operationCases))(
  'the gradient of %s agrees with central differences',
  async (_, tried) => {
    const { program, feeds } = gradientProgram(tried);
    verify(program);
    verify(removeDeadCode(deduplicate(program)));
    await using session = await openProgram(program);
    const results = await session.run(feeds);
    const step = 1e-2;
    for (const [i, shape] of tried.shapes.entries()) {
      const gradient = results.get(`g${i}`);
      expect(gradient.shape).toEqual(shape);
      for (let k = 0; k < elementCount(shape); k++) {
        const at = async (delta: number) => {
          const moved = float32(shape, feeds[`x${i}`]?.data ?? []);
          moved.data[k] = (moved.data[k] ?? 0) + delta;
          return (
            (await session.run({ ...feeds, [`x${i}`]: moved })).get('loss').data[0] ?? Number.NaN
          );
        };
        const difference = ((await at(step)) - (await at(-step))) / (2 * step);
        // Third derivative × step² plus float32 rounding of the loss divided by the step: both below 3e-3 here.
        expect(Math.abs((gradient.data[k] ?? Number.NaN) - difference)).toBeLessThan(
          3e-3 * Math.max(1, Math.abs(difference)),
        );
      }
    }
  },
);

test('withGradient replaces the rules of the operations inside', async () => {
  const graph = new Graph();
  const x = input(graph, 'x', 'f32', [2]);
  const doubled = withGradient(multiply(x, 2), [x], (gradient) => [() => multiply(gradient, 10)]);
  const [gradient] = gradients(reshape(sum(doubled, [0]), []), [x]);
  await using session = await openProgram({ graph, outputs: { doubled, gradient: gradient ?? x } });
  const results = await session.run({ x: float32([2], [1, 2]) });
  expect([...results.get('doubled').data]).toEqual([2, 4]);
  expect([...results.get('gradient').data]).toEqual([10, 10]);
});
