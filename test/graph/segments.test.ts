/** @file A step cut into segments gives the loss and the gradients of the step in one piece. */
import { expect, test } from 'vitest';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import {
  add,
  attention,
  compile,
  concatenate,
  Graph,
  gradientName,
  gradients,
  input,
  linear,
  mean,
  peakBytes,
  reshape,
  segmentStep,
  silu,
  slice,
  square,
  type Value,
  verify,
} from '../../src/graph/index.ts';
import { openSession, SegmentedSession } from '../../src/runtime/index.ts';
import { relativeL2 } from '../../src/tensor/linear-algebra/host-matrices.ts';
import { elementCount, float32, type Tensor } from '../../src/tensor/tensor.ts';
import { attentionInParts } from './attention-in-parts.ts';

const layers = 6;
const parameterNames = Array.from({ length: layers }, (_, i) => `w${i}`);

/** A deep network with a skip from the first layer to the last, as a UNet has, and a shared first input. */
function trace() {
  const graph = new Graph();
  const x = input(graph, 'x', 'f32', [2, 6, 8]);
  const weights = parameterNames.map((name) => input(graph, name, 'f32', [8, 8]));
  const skips: Value[] = [];
  let hidden = x;
  for (const [i, weight] of weights.entries()) {
    const mixed =
      i % 2 === 0
        ? attention(hidden, hidden, hidden, 2)
        : attentionInParts([hidden, hidden, hidden], 2, { apartFrom: 0, ofOneHead: 48 }); // 2 rows
    hidden = add(silu(linear(hidden, weight)), mixed);
    skips.push(hidden);
  }
  const joined = concatenate([hidden, skips[0] ?? x, skips[2] ?? x], 2);
  const errors = mean(square(slice(joined, 2, 3, 20)), [1, 2]);
  const loss = reshape(mean(errors, [0]), []);
  return { graph, weights, outputs: { loss, errors } };
}

function feeds(): Record<string, Tensor> {
  const generator = new TorchGenerator(3);
  const draw = (shape: readonly number[]) =>
    float32(
      shape,
      generator.randn(elementCount(shape)).map((value) => value * 0.4),
    );
  return {
    x: draw([2, 6, 8]),
    ...Object.fromEntries(parameterNames.map((name) => [name, draw([8, 8])])),
  };
}

test.each([1, 2, 3, 5])('in %i segments', async (count) => {
  const whole = trace();
  const found = gradients(whole.outputs.loss, whole.weights);
  const named = found.map((gradient, i) => [gradientName(parameterNames[i] ?? ''), gradient]);
  await using one = await openSession(
    compile({ graph: whole.graph, outputs: { ...whole.outputs, ...Object.fromEntries(named) } }),
  );
  const expected = await one.run(feeds());
  const { graph, outputs } = trace();
  const segments = segmentStep(
    { program: { graph, outputs }, loss: 'loss', parameters: new Set(parameterNames) },
    count,
  );
  expect(segments.length).toBe(count);
  for (const { forward, backward } of segments) {
    if (forward !== undefined) verify(forward);
    if (backward !== undefined) verify(backward);
  }
  const compiled = segments.map(({ forward, backward }) => ({
    forward: forward && compile(forward),
    backward: backward && compile(backward),
  }));
  await using many = await SegmentedSession.open(compiled, {});
  for (let run = 0; run < 2; run++) {
    const actual = await many.run(feeds());
    for (const name of ['loss', 'errors', ...parameterNames.map(gradientName)]) {
      // The same float32 operations; only sums of gradients over segments are taken in another order.
      expect(relativeL2(actual.get(name), expected.get(name))).toBeLessThan(1e-6);
    }
  }
});

test('a segment holds fewer bytes at its peak than the whole step', () => {
  const { graph, outputs, weights } = trace();
  const [segment] = segmentStep(
    { program: { graph, outputs }, loss: 'loss', parameters: new Set(parameterNames) },
    3,
  ).slice(1);
  const found = gradients(outputs.loss, weights);
  const whole = { graph, outputs: Object.fromEntries(found.map((value, i) => [`${i}`, value])) };
  expect(segment?.backward && peakBytes(segment.backward)).toBeLessThan(0.7 * peakBytes(whole));
});
