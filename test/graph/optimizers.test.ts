/** @file ONNX Runtime's optimizers that are switched off change no byte of what a program with gradients gives. */
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import {
  add,
  attention,
  type CompiledProgram,
  compile,
  concatenate,
  convolution,
  Graph,
  gelu,
  gradients,
  input,
  layerNorm,
  linear,
  mean,
  multiply,
  quickGelu,
  reshape,
  resizeNearest,
  silu,
  slice,
  square,
  type Value,
} from '../../src/graph/index.ts';
import { openSession } from '../../src/runtime/index.ts';
import { elementCount, float32, type Tensor } from '../../src/tensor/tensor.ts';

const shapes = {
  x: [1, 8, 6, 6],
  kernel: [16, 8, 3, 3],
  scale: [16],
  bias: [16],
  query: [16, 16],
  key: [16, 16],
  value: [16, 16],
  up: [64, 16],
  upBias: [64],
  down: [16, 32],
} as const;

type Name = keyof typeof shapes;
const names = Object.keys(shapes) as Name[];

/** A convolution and a block of a transformer as UNets have them, a loss, and the gradients of all. */
function compiledBlock(): CompiledProgram {
  const graph = new Graph();
  const inputs = new Map(names.map((name) => [name, input(graph, name, 'f32', shapes[name])]));
  const given = (name: Name) => inputs.get(name) as Value;
  const picture = resizeNearest(silu(given('x')), 12, 12);
  const features = convolution(picture, given('kernel'), undefined, { padding: [1, 1, 1, 1] });
  const tokens = reshape(features, [1, 16, 144]);
  const rows = reshape(tokens, [1, 144, 16]);
  const normal = layerNorm(rows, given('scale'), given('bias'), 1e-5);
  const project = (name: Name) => linear(normal, given(name));
  const attended = attention(project('query'), project('key'), project('value'), 2);
  const hidden = add(rows, attended);
  const wide = linear(hidden, given('up'), given('upBias'));
  const gated = multiply(slice(wide, 2, 0, 32), gelu(slice(wide, 2, 32, 64)));
  const out = add(hidden, quickGelu(linear(gated, given('down'))));
  const loss = reshape(mean(square(concatenate([out, rows], 2)), [0, 1, 2]), []);
  const found = gradients(loss, names.map(given));
  const named = found.map((gradient, i) => [`gradient of ${names[i]}`, gradient]);
  return compile({ graph, outputs: { loss, out, ...Object.fromEntries(named) } });
}

test('all of them or those that are needed: the same bytes', async () => {
  const program = compiledBlock();
  const generator = new TorchGenerator(4);
  const feeds = new Map<string, Tensor<'f32'>>(
    names.map((name) => [name, float32(shapes[name], generator.randn(elementCount(shapes[name])))]),
  );
  await using session = await openSession(program, { threads: 1 });
  const found = await session.run(Object.fromEntries(feeds));
  const all = await InferenceSession.create(program.model, {
    graphOptimizationLevel: 'all',
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const expected = await all.run(
    Object.fromEntries(
      [...feeds].map(([name, { data, shape }]) => [name, new OnnxTensor('float32', data, shape)]),
    ),
  );
  await all.release();
  expect([...program.outputs.keys()].sort()).toEqual(Object.keys(expected).sort());
  for (const [name, { data }] of found.entries()) expect(data, name).toEqual(expected[name]?.data);
});
