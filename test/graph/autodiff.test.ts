/** @file Differentiation: what is built and what is not. Each operation's own rule is checked in operations.test.ts. */
import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../src/base/errors.ts';
import {
  add,
  cast,
  compile,
  constant,
  Graph,
  gather,
  gradients,
  input,
  linear,
  multiply,
  reshape,
  silu,
  square,
  subtract,
  sum,
  type Value,
  weight,
} from '../../src/graph/index.ts';
import { openSession } from '../../src/runtime/index.ts';
import { float32, int64 } from '../../src/tensor/tensor.ts';

function total(x: Value): Value {
  const axes = x.shape.map((_, i) => i);
  return reshape(sum(x, axes), []);
}

/** Frozen layers, then one with a trained bias, then one more frozen; returns the nodes of the backward pass. */
function backwardNodes(layersBelow: number): readonly string[] {
  const graph = new Graph();
  const frozen = (x: Value, name: string) => silu(linear(x, weight(graph, name, 'f32', [8, 8])));
  let x = input(graph, 'x', 'f32', [2, 8]);
  for (let i = 0; i < layersBelow; i++) x = frozen(x, `below.${i}`);
  const bias = input(graph, 'bias', 'f32', [8]);
  const loss = total(square(frozen(add(x, bias), 'above')));
  const before = graph.nodes.length;
  gradients(loss, [bias]);
  return graph.nodes.slice(before).map(({ operation }) => operation.name);
}

describe('the backward pass', () => {
  test('stops below the first trained value, however deep the model', () => {
    expect(backwardNodes(0).length).toBeGreaterThan(5);
    expect(backwardNodes(30)).toEqual(backwardNodes(0));
  });

  test('has one product for the one matrix that it goes back through, and none for its weight', () => {
    expect(backwardNodes(3).filter((name) => name === 'matmul')).toHaveLength(1);
  });

  test('gives gradients in the order asked for, also of values in the middle', async () => {
    const graph = new Graph();
    const x = input(graph, 'x', 'f32', [3]);
    const middle = multiply(x, 2);
    const loss = total(square(middle));
    const [ofMiddle = x, ofX = x] = gradients(loss, [middle, x]);
    await using session = await openSession(compile({ graph, outputs: { ofMiddle, ofX } }));
    const results = await session.run({ x: float32([3], [1, -2, 3]) });
    // d/dm Σ m² = 2m with m = 2x; d/dx = 8x.
    expect([...results.get('ofMiddle').data]).toEqual([4, -8, 12]);
    expect([...results.get('ofX').data]).toEqual([8, -16, 24]);
  });

  test('adds up what comes back along every path', async () => {
    const graph = new Graph();
    const x = input(graph, 'x', 'f32', [2]);
    const loss = total(
      add(
        multiply(x, x),
        subtract(multiply(x, 3), multiply(x, constant(graph, float32([2], [1, 2])))),
      ),
    );
    const [gradient = x] = gradients(loss, [x]);
    await using session = await openSession(compile({ graph, outputs: { gradient } }));
    const results = await session.run({ x: float32([2], [5, 7]) });
    expect([...results.get('gradient').data]).toEqual([12, 15]); // 2x + 3 − c
  });

  test('passes through a cast, and the gradient of the loss itself is one', async () => {
    const graph = new Graph();
    const x = input(graph, 'x', 'f32', [2]);
    const loss = total(cast(cast(x, 'f16'), 'f32'));
    const [ofX = x, ofLoss = x] = gradients(loss, [x, loss]);
    await using session = await openSession(compile({ graph, outputs: { loss, ofX, ofLoss } }));
    const results = await session.run({ x: float32([2], [1, 2]) });
    expect([...results.get('ofX').data]).toEqual([1, 1]);
    expect([...results.get('ofLoss').data]).toEqual([1]);
  });
});

describe('gradients are refused', () => {
  test('of a loss that is not a scalar', () => {
    const graph = new Graph();
    const x = input(graph, 'x', 'f32', [2, 3]);
    const refused = (loss: Value) =>
      expect(() => gradients(loss, [x])).toThrow(
        expect.objectContaining({ code: 'LOSS_NOT_SCALAR' }),
      );
    refused(x);
    refused(sum(x, [0, 1])); // [1, 1]: one element, and yet axes
  });

  test('for a value that the loss does not depend on, naming it', () => {
    const graph = new Graph();
    const [x, y] = [input(graph, 'x', 'f32', [2]), input(graph, 'to_q.A', 'f32', [2])];
    const take = () => gradients(total(x), [x, y]);
    expect(take).toThrow(ShapeError);
    expect(take).toThrow(expect.objectContaining({ code: 'NO_PATH' }));
    expect(take).toThrow('the loss does not depend on to_q.A');
  });

  test('for indices, which have none', () => {
    const graph = new Graph();
    const table = input(graph, 'table', 'f32', [4, 2]);
    const indices = input(graph, 'indices', 'i64', [3]);
    expect(() => gradients(total(gather(table, indices)), [indices])).toThrow(
      expect.objectContaining({ code: 'NO_PATH' }),
    );
    const fixed = gather(table, constant(graph, int64([1], [2])));
    expect(gradients(total(fixed), [table])).toHaveLength(1);
  });
});
