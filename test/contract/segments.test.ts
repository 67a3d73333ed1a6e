/** @file A step with a different method at each of its layers, cut into segments, is the step in one piece. */
import { expect, test } from 'vitest';
import { attach, configureAdapter, parameterName, placeAdapter } from '../../src/adapters/index.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import {
  compile,
  constant,
  Graph,
  gradientName,
  gradients,
  input,
  linear,
  mean,
  reshape,
  segmentStep,
  silu,
  square,
  type Value,
  verify,
} from '../../src/graph/index.ts';
import { openSession, SegmentedSession } from '../../src/runtime/index.ts';
import { relativeL2 } from '../../src/tensor/linear-algebra/host-matrices.ts';
import { elementCount, float32, type Shape, type Tensor } from '../../src/tensor/tensor.ts';
import { prepareAdapter } from './prepare-adapter.ts';
import { linearSite } from './sites.ts';

const size = 12;

/** One layer each. */
const configured = [
  configureAdapter('krona', { a1: 2, a2: 3 }),
  configureAdapter('krona', { a1: 3, a2: 2, layout: 'reference' }),
  configureAdapter('krona', { a1: 3, a2: 4, terms: 2 }),
  configureAdapter('lora', { rank: 2, dora: true }),
  configureAdapter('lokr', { rank: 1, decomposeBoth: true }),
  configureAdapter('loha', { rank: 2, dora: true }),
  configureAdapter('oft', { blockSize: 4 }),
  configureAdapter('svdiff', {}),
  configureAdapter('dreambooth', {}),
];

function drawer() {
  const generator = new TorchGenerator(3);
  return (shape: Shape): Tensor<'f32'> => {
    const values = generator.randn(elementCount(shape));
    return float32(
      shape,
      values.map((value) => value * 0.3),
    );
  };
}

const draw = drawer();
const layers = configured.map((adapter, i) => {
  const site = linearSite(size, size, `layer.${i}`);
  const weight = draw([size, size]);
  return { site, weight, placed: prepareAdapter(placeAdapter(adapter, [site]), () => weight) };
});

const shapes = layers.flatMap(({ site, placed: { adapter } }) =>
  adapter.parameters(site).map(({ name, shape }) => [parameterName(site, name), shape] as const),
);
const names = shapes.map(([name]) => name);
const feeds: Record<string, Tensor> = {
  x: draw([5, size]),
  ...Object.fromEntries(shapes.map(([name, shape]) => [name, draw(shape)])),
};

function trace() {
  const graph = new Graph();
  const { hook, parameters } = attach(
    graph,
    layers.map(({ placed }) => ({ placed })),
  );
  let hidden = input(graph, 'x', 'f32', [5, size]);
  for (const { site, weight } of layers) {
    const frozen = constant(graph, weight);
    const product = hook.product?.(site, hidden, frozen);
    hidden = silu(product ?? linear(hidden, hook.weight(site, frozen) ?? frozen));
  }
  return { graph, parameters, loss: reshape(mean(square(hidden), [0, 1]), []) };
}

test.each([2, 5])('in %i segments', async (count) => {
  const whole = trace();
  const found = gradients(whole.loss, [...whole.parameters.values()]);
  const outputs: Record<string, Value> = { loss: whole.loss };
  [...whole.parameters.keys()].forEach((name, i) => {
    const gradient = found[i];
    if (gradient !== undefined) outputs[gradientName(name)] = gradient;
  });
  await using one = await openSession(compile({ graph: whole.graph, outputs }));
  const expected = await one.run(feeds);
  const { graph, loss } = trace();
  const segments = segmentStep(
    { program: { graph, outputs: { loss } }, loss: 'loss', parameters: new Set(names) },
    count,
  );
  for (const { forward, backward } of segments) {
    if (forward !== undefined) verify(forward);
    if (backward !== undefined) verify(backward);
  }
  const compiled = segments.map(({ forward, backward }) => ({
    forward: forward && compile(forward),
    backward: backward && compile(backward),
  }));
  await using many = await SegmentedSession.open(compiled, {});
  const actual = await many.run(feeds);
  for (const name of ['loss', ...names.map(gradientName)]) {
    // The same float32 operations; only sums of gradients over segments are taken in another order.
    expect(relativeL2(actual.get(name), expected.get(name))).toBeLessThan(1e-6);
  }
});
