/** @file Programs as text: what tracing, differentiation and the passes make of small ones. */
import { expect, test } from 'vitest';
import { attach, configureAdapter } from '../../src/adapters/index.ts';
import {
  deduplicate,
  Graph,
  gradients,
  input,
  linear,
  mean,
  multiply,
  type Program,
  print,
  removeDeadCode,
  reshape,
  silu,
  square,
  subtract,
  sum,
  type Value,
  weight,
} from '../../src/graph/index.ts';
import { linear as linearLayer, Scope } from '../../src/nn/index.ts';

function simplified(program: Program): Program {
  return removeDeadCode(deduplicate(program));
}

/** Outputs `loss` and the gradient of every value, under `d <name>`. */
function training(loss: Value, trained: Readonly<Record<string, Value>>): Program {
  const found = gradients(loss, Object.values(trained));
  const outputs: Record<string, Value> = { loss };
  Object.keys(trained).forEach((name, i) => {
    const gradient = found[i];
    if (gradient !== undefined) outputs[`d ${name}`] = gradient;
  });
  return { graph: loss.graph, outputs };
}

function meanSquare(x: Value, target: Value): Value {
  return reshape(mean(square(subtract(x, target)), [0, 1]), []);
}

test('a trace holds what was written, one line a node', () => {
  const graph = new Graph();
  const x = input(graph, 'x', 'f32', [2, 3]);
  const y = silu(linear(x, weight(graph, 'fc.weight', 'f32', [4, 3])));
  sum(y, [1]);
  const program = { graph, outputs: { y: multiply(y, 0.5), twice: multiply(silu(x), silu(x)) } };
  expect(print(program)).toMatchInlineSnapshot(`
    "%0: f32[2, 4] = linear(input:x, weight:fc.weight)
    %1: f32[2, 4] = swish(%0) {alpha: 1}
    %2: f32[2, 1] = sum(%1) {axes: [1]}
    %3: f32[2, 4] = multiply(%1, 0.5)
    %4: f32[2, 3] = swish(input:x) {alpha: 1}
    %5: f32[2, 3] = swish(input:x) {alpha: 1}
    %6: f32[2, 3] = multiply(%4, %5)
    return y = %3
    return twice = %6"
  `);
  expect(print(simplified(program))).toMatchInlineSnapshot(`
    "%0: f32[2, 4] = linear(input:x, weight:fc.weight)
    %1: f32[2, 4] = swish(%0) {alpha: 1}
    %2: f32[2, 4] = multiply(%1, 0.5)
    %3: f32[2, 3] = swish(input:x) {alpha: 1}
    %4: f32[2, 3] = multiply(%3, %3)
    return y = %2
    return twice = %4"
  `);
});

test('locations name the module of every node, with a prime where it belongs to the backward pass', () => {
  const graph = new Graph();
  const scope = Scope.root(graph);
  const x = input(graph, 'x', 'f32', [2, 3]);
  const y = linearLayer(scope.child('blocks.0').child('fc'), x, { out: 4 });
  const loss = graph.at('loss', () => reshape(sum(y, [0, 1]), []));
  expect(print(training(loss, { x }), { locations: true })).toMatchInlineSnapshot(`
    "%0: f32[2, 4] = linear(input:x, weight:blocks.0.fc.weight, weight:blocks.0.fc.bias)  # blocks.0.fc
    %1: f32[1, 1] = sum(%0) {axes: [0, 1]}  # loss
    %2: f32[] = reshape(%1) {shape: []}  # loss
    %3: f32[1, 1] = reshape(1) {shape: [1, 1]}  # loss'
    %4: f32[2, 4] = expand(%3) {shape: [2, 4]}  # loss'
    %5: f32[2, 3] = matmul(%4, weight:blocks.0.fc.weight)  # blocks.0.fc'
    return loss = %2
    return d x = %5"
  `);
});

test('a trained bias costs a sum, and its frozen weight nothing', () => {
  const graph = new Graph();
  const x = input(graph, 'x', 'f32', [5, 12]);
  const bias = input(graph, 'bias', 'f32', [6]);
  const y = linear(x, weight(graph, 'weight', 'f32', [6, 12]), bias);
  const loss = meanSquare(y, input(graph, 'target', 'f32', [5, 6]));
  expect(print(simplified(training(loss, { bias })))).toMatchInlineSnapshot(`
    "%0: f32[5, 6] = linear(input:x, weight:weight, input:bias)
    %1: f32[5, 6] = subtract(%0, input:target)
    %2: f32[5, 6] = multiply(%1, %1)
    %3: f32[1, 1] = sum(%2) {axes: [0, 1]}
    %4: f32[1, 1] = divide(%3, 30)
    %5: f32[] = reshape(%4) {shape: []}
    %6: f32[1, 1] = reshape(1) {shape: [1, 1]}
    %7: f32[1, 1] = divide(%6, 30)
    %8: f32[5, 6] = expand(%7) {shape: [5, 6]}
    %9: f32[5, 6] = multiply(%8, %1)
    %10: f32[5, 6] = add(%9, %9)
    %11: f32[1, 6] = sum(%10) {axes: [0]}
    %12: f32[6] = reshape(%11) {shape: [6]}
    return loss = %5
    return d bias = %12"
  `);
});

const site = { name: 'to_q', kind: 'linear', out: 6, in: 12 } as const;

function trainedLayer(method: string, options: unknown, strength = 1): Program {
  const graph = new Graph();
  const adapter = configureAdapter(method, options);
  const { hook, parameters } = attach(graph, [
    { placed: { adapter, sites: [site] }, strength: () => strength },
  ]);
  const scope = Scope.root(graph, { hook });
  const x = input(graph, 'x', 'f32', [5, 12]);
  const y = linearLayer(scope.child('to_q'), x, { out: 6, bias: false });
  const loss = meanSquare(y, input(graph, 'target', 'f32', [5, 6]));
  return simplified(training(loss, Object.fromEntries(parameters)));
}

/** Types of the values of the backward pass that have the weight's size, in any shape. */
function weightSized(program: Program): string[] {
  const forward = program.graph.nodes.findIndex(({ location }) => location.endsWith("'"));
  const backward = program.graph.nodes.slice(forward).flatMap(({ outputs }) => outputs);
  return backward
    .filter(({ shape }) => shape.reduce((product, size) => product * size, 1) === 6 * 12)
    .map(({ shape }) => `[${shape.join(', ')}]`);
}

test('KronA: the weight is merged going forward, and no gradient of its size is formed going back', () => {
  const program = trainedLayer('krona', { a1: 2, a2: 4 });
  expect(print(program, { locations: true })).toMatchInlineSnapshot(`
    "%0: f32[2, 1, 4, 1] = reshape(input:to_q.A) {shape: [2, 1, 4, 1]}  # to_q
    %1: f32[1, 3, 1, 3] = reshape(input:to_q.B) {shape: [1, 3, 1, 3]}  # to_q
    %2: f32[2, 3, 4, 3] = multiply(%0, %1)  # to_q
    %3: f32[6, 12] = reshape(%2) {shape: [6, 12]}  # to_q
    %4: f32[6, 12] = add(weight:to_q.weight, %3)  # to_q
    %5: f32[5, 6] = linear(input:x, %4)  # to_q
    %6: f32[5, 6] = withGradient(%5, input:x, input:to_q.A, input:to_q.B, weight:to_q.weight)  # to_q
    %7: f32[5, 6] = subtract(%6, input:target)
    %8: f32[5, 6] = multiply(%7, %7)
    %9: f32[1, 1] = sum(%8) {axes: [0, 1]}
    %10: f32[1, 1] = divide(%9, 30)
    %11: f32[] = reshape(%10) {shape: []}
    %12: f32[1, 1] = reshape(1) {shape: [1, 1]}  # '
    %13: f32[1, 1] = divide(%12, 30)  # '
    %14: f32[5, 6] = expand(%13) {shape: [5, 6]}  # '
    %15: f32[5, 6] = multiply(%14, %7)  # '
    %16: f32[5, 6] = add(%15, %15)  # '
    %17: f32[10, 3] = reshape(%16) {shape: [10, 3]}  # to_q'
    %18: f32[10, 3] = matmul(%17, input:to_q.B)  # to_q'
    %19: f32[5, 2, 3] = reshape(%18) {shape: [5, 2, 3]}  # to_q'
    %20: f32[2, 5, 3] = transpose(%19) {permutation: [1, 0, 2]}  # to_q'
    %21: f32[2, 15] = reshape(%20) {shape: [2, 15]}  # to_q'
    %22: f32[5, 4, 3] = reshape(input:x) {shape: [5, 4, 3]}  # to_q'
    %23: f32[4, 5, 3] = transpose(%22) {permutation: [1, 0, 2]}  # to_q'
    %24: f32[4, 15] = reshape(%23) {shape: [4, 15]}  # to_q'
    %25: f32[2, 4] = matmul(%21, %24) {transposeB: true}  # to_q'
    %26: f32[2, 15] = matmul(input:to_q.A, %24)  # to_q'
    %27: f32[2, 5, 3] = reshape(%26) {shape: [2, 5, 3]}  # to_q'
    %28: f32[5, 2, 3] = transpose(%27) {permutation: [1, 0, 2]}  # to_q'
    %29: f32[10, 3] = reshape(%28) {shape: [10, 3]}  # to_q'
    %30: f32[3, 3] = matmul(%17, %29) {transposeA: true}  # to_q'
    return loss = %11
    return d to_q.A = %25
    return d to_q.B = %30"
  `);
  expect(weightSized(program)).toEqual([]);
  // Differentiated operation by operation, as a strength other than 1 is, the same layer does form one.
  expect(weightSized(trainedLayer('krona', { a1: 2, a2: 4 }, 0.5))).toContain('[6, 12]');
});

test('LoRA: two thin products each way, and no gradient of the size of the weight either', () => {
  const program = trainedLayer('lora', { rank: 2 });
  expect(print(program, { locations: true })).toMatchInlineSnapshot(`
    "%0: f32[5, 6] = linear(input:x, weight:to_q.weight)  # to_q
    %1: f32[5, 2] = linear(input:x, input:to_q.A)  # to_q
    %2: f32[5, 6] = linear(%1, input:to_q.B)  # to_q
    %3: f32[5, 6] = add(%0, %2)  # to_q
    %4: f32[5, 6] = subtract(%3, input:target)
    %5: f32[5, 6] = multiply(%4, %4)
    %6: f32[1, 1] = sum(%5) {axes: [0, 1]}
    %7: f32[1, 1] = divide(%6, 30)
    %8: f32[] = reshape(%7) {shape: []}
    %9: f32[1, 1] = reshape(1) {shape: [1, 1]}  # '
    %10: f32[1, 1] = divide(%9, 30)  # '
    %11: f32[5, 6] = expand(%10) {shape: [5, 6]}  # '
    %12: f32[5, 6] = multiply(%11, %4)  # '
    %13: f32[5, 6] = add(%12, %12)  # '
    %14: f32[5, 2] = matmul(%13, input:to_q.B)  # to_q'
    %15: f32[6, 2] = matmul(%13, %1) {transposeA: true}  # to_q'
    %16: f32[2, 12] = matmul(%14, input:x) {transposeA: true}  # to_q'
    return loss = %8
    return d to_q.A = %16
    return d to_q.B = %15"
  `);
  expect(weightSized(program)).toEqual([]);
});
