/** @file Products in eight bits against float32, within what rounding explains, and what is left in float32. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { encodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import {
  add,
  compile,
  convolution,
  dequantize,
  Graph,
  input,
  linear,
  print,
  simplify,
  type Value,
  vectorJacobian,
  verify,
  weight,
  withEightBits,
} from '../../src/graph/index.ts';
import { openSession } from '../../src/runtime/index.ts';
import { openSafetensors } from '../../src/storage/weights/safetensors-file.ts';
import {
  channelScales,
  channelsLast,
  roundedChannels,
  tapsTurned,
} from '../../src/tensor/rounded-channels.ts';
import { float32, type Tensor } from '../../src/tensor/tensor.ts';

const [rows, inner, out] = [7, 48, 20];
const random = new TorchGenerator(4);
const normal = (...shape: number[]) =>
  float32(shape, random.randn(shape.reduce((a, b) => a * b, 1)));

const whole = normal(out, inner);
const scale = channelScales(whole);
const rounded = roundedChannels(whole, scale);
const x = normal(rows, inner);
// A channel of outliers, a row of them, and a row of nothing.
for (let row = 0; row < rows; row++) x.data[row * inner + 5] = 20 * at(x, row * inner + 5);
for (let k = 0; k < inner; k++) {
  x.data[2 * inner + k] = 1000 * at(x, 2 * inner + k);
  x.data[3 * inner + k] = 0;
}
const slope = normal(rows, out);

/** A picture of 70 channels, one of them of outliers, and a kernel [20, 70, 3, 3]. */
const [batch, channels, height, width, side] = [2, 70, 6, 5, 3];
const picture = normal(batch, channels, height, width);
for (let i = 0; i < picture.data.length; i++) {
  if (Math.floor(i / (height * width)) % channels === 5) picture.data[i] = 20 * at(picture, i);
}
const kernel = normal(out, channels, side, side);

const kernelScale = channelScales(kernel);
const kernelRounded = roundedChannels(kernel, kernelScale);

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-eight-bits-'));
  path = join(folder, 'weights.safetensors');
  const tensors = {
    ...{ whole, scale, rounded, turned: channelsLast(rounded) },
    ...{ kernel, kernelScale, kernelRounded },
    ...{ kernelForward: channelsLast(kernelRounded), kernelBackward: tapsTurned(kernelRounded) },
  };
  await writeFile(path, encodeSafetensors(Object.entries(tensors)));
});
afterAll(() => rm(folder, { recursive: true }));

const bias = normal(out);
const back = normal(2, out, 6, 5);

function eightBitKernel(graph: Graph): Value {
  return withEightBits(weight(graph, 'kernel', 'f32', kernel.shape), {
    forward: weight(graph, 'kernelForward', 'i8', [side * side * channels, out]),
    backward: weight(graph, 'kernelBackward', 'i8', [side * side * out, channels]),
    scale: weight(graph, 'kernelScale', 'f32', [out]),
  });
}

function eightBitWeight(graph: Graph): Value {
  return withEightBits(weight(graph, 'whole', 'f32', [out, inner]), {
    forward: weight(graph, 'turned', 'i8', [inner, out]),
    backward: weight(graph, 'rounded', 'i8', [out, inner]),
    scale: weight(graph, 'scale', 'f32', [out]),
  });
}

async function run(graph: Graph, outputs: Readonly<Record<string, Value>>) {
  const file = await openSafetensors(path);
  const locate = (name: string) => {
    const entry = file.header.entries.get(name);
    if (entry === undefined) throw new Error(`no tensor ${name}`);
    const { offset, byteLength } = entry;
    return { file: basename(file.path), offset, byteLength };
  };
  const compiled = compile({ graph, outputs }, locate, { weightsInPlace: true });
  await using session = await openSession(compiled, {
    ...{ weightsFolder: folder, weightsInPlace: true, eightBitProducts: true },
  });
  const wanted = new Set(compiled.inputs.keys());
  const feeds = Object.entries({ x, slope, change: whole, picture, bias, back }).filter(([name]) =>
    wanted.has(name),
  );
  return await session.run(Object.fromEntries(feeds));
}

test('x Wᵀ and dY W are off by half a step of what is rounded, and no more', async () => {
  const graph = new Graph();
  const y = linear(input(graph, 'x', 'f32', [rows, inner]), eightBitWeight(graph));
  const [dx] = vectorJacobian(
    [[y, input(graph, 'slope', 'f32', [rows, out])]],
    [y.node.inputs[0] ?? y],
  );
  const results = await run(graph, { y, dx: dx ?? y });
  const again = await run(graph, { y, dx: dx ?? y });
  for (let row = 0; row < rows; row++) {
    const step = largest(x, row, inner) / 127;
    for (let j = 0; j < out; j++) {
      let [exact, bound] = [0, 0];
      for (let k = 0; k < inner; k++) {
        const [left, right] = [at(x, row * inner + k), at(whole, j * inner + k)];
        exact += left * right;
        // |(x + e)(w + d) - xw| where |e| is at most half a step of the row, and |d| half the channel's scale.
        const half = at(scale, j) / 2;
        bound += Math.abs(left) * half + Math.abs(right) * (step / 2) + half * (step / 2);
      }
      expect(Math.abs(at(results.get('y'), row * out + j) - exact)).toBeLessThanOrEqual(
        bound * withRounding,
      );
    }
    // The scales are of what is summed over: rows of dY·diag(s) are rounded, and Q is exact.
    const scaled = Array.from({ length: out }, (_, j) => at(slope, row * out + j) * at(scale, j));
    const stepBack = Math.max(...scaled.map(Math.abs)) / 127;
    for (let k = 0; k < inner; k++) {
      let [exact, bound] = [0, 0];
      scaled.forEach((each, j) => {
        exact += at(slope, row * out + j) * at(whole, j * inner + k);
        bound += Math.abs(each) / 2 + (Math.abs(at(rounded, j * inner + k)) * stepBack) / 2;
      });
      expect(Math.abs(at(results.get('dx'), row * inner + k) - exact)).toBeLessThanOrEqual(
        bound * withRounding,
      );
    }
  }
  expect(again.get('y')).toEqual(results.get('y'));
  expect(again.get('dx')).toEqual(results.get('dx'));
  // A row of nothing stays nothing.
  expect([...results.get('y').data].slice(3 * out, 4 * out).every((each) => each === 0)).toBe(true);
});

/** Σ over a channel and the taps of a kernel, of what `term` makes of a number of the picture and one of the kernel. */
function convolved(
  place: { readonly n: number; readonly o: number; readonly y: number; readonly x: number },
  { stride, top, left }: { readonly stride: number; readonly top: number; readonly left: number },
  term: (left: number, right: number) => number,
): number {
  let sum = 0;
  for (let c = 0; c < channels; c++) {
    for (let tap = 0; tap < side * side; tap++) {
      const y = place.y * stride + Math.floor(tap / side) - top;
      const x = place.x * stride + (tap % side) - left;
      const isInside = y >= 0 && y < height && x >= 0 && x < width;
      const pixel = ((place.n * channels + c) * height + y) * width + x;
      const weightAt = (place.o * channels + c) * side * side + tap;
      sum += term(isInside ? at(picture, pixel) : 0, at(kernel, weightAt));
    }
  }
  return sum;
}

test.each([1, 2])('a convolution of stride %i keeps channels of outliers apart', async (stride) => {
  const graph = new Graph();
  const [top, left, bottom, right] = [1, 0, 2, 1] as const;
  const given = input(graph, 'picture', 'f32', picture.shape);
  const b = input(graph, 'bias', 'f32', [out]);
  const y = convolution(given, eightBitKernel(graph), b, {
    ...{ stride, padding: [top, left, bottom, right] },
  });
  const result = (await run(graph, { y })).get('y');
  const [, , rowsOut = 0, columnsOut = 0] = result.shape;
  // All channels but the largest share a step.
  const magnitudes = Array.from({ length: channels }, (_, c) => {
    const of = (n: number) => largest(picture, n * channels + c, height * width);
    return Math.max(...Array.from({ length: batch }, (_unused, n) => of(n)));
  });
  const step = (magnitudes.sort((one, other) => other - one)[1] ?? 0) / 127;
  expect(step).toBeLessThan((magnitudes[0] ?? 0) / 127 / 3);
  result.data.forEach((value, i) => {
    const [x, rest] = [i % columnsOut, Math.floor(i / columnsOut)];
    const [at2, o] = [Math.floor(rest / rowsOut), Math.floor(rest / rowsOut) % out];
    const place = { n: Math.floor(at2 / out), o, y: rest % rowsOut, x };
    const half = at(kernelScale, o) / 2;
    const window = { stride, top, left };
    const exact = convolved(place, window, (pixel, tap) => pixel * tap) + at(bias, o);
    const bound = convolved(
      ...([place, window] as const),
      (pixel, tap) => Math.abs(pixel) * half + (Math.abs(tap) + half) * (step / 2),
    );
    expect(Math.abs(value - exact)).toBeLessThanOrEqual(bound * withRounding);
  });
});

test('the gradient of a convolution is the one of its rounded kernel, within half a step of what comes back', async () => {
  const gradient = async (kernelOf: (graph: Graph) => Value) => {
    const graph = new Graph();
    const given = input(graph, 'picture', 'f32', picture.shape);
    const y = convolution(given, kernelOf(graph), undefined, { padding: [1, 1, 1, 1] });
    const [dx] = vectorJacobian([[y, input(graph, 'back', 'f32', y.shape)]], [given]);
    return (await run(graph, { dx: dx ?? y })).get('dx');
  };
  const dequantized = (graph: Graph) =>
    dequantize(
      weight(graph, 'kernelRounded', 'i8', kernel.shape),
      weight(graph, 'kernelScale', 'f32', [out]),
    );
  const [exact, rounded] = [await gradient(dequantized), await gradient(eightBitKernel)];
  // Each of the 180 terms is off by half a step times a level of the kernel.
  const most = Math.max(...back.data.map(Math.abs)) * Math.max(...kernelScale.data);
  const bound = out * side * side * (most / 127 / 2) * 127;
  const errors = exact.data.map((value, i) => Math.abs(value - at(rounded, i)));
  expect(Math.max(...errors)).toBeLessThan(bound);
  // They add up as random ones do.
  const norm = (values: Float32Array) => Math.hypot(...values);
  expect(norm(errors) / norm(exact.data)).toBeLessThan(0.02);
});

test('a changed weight is changed as it is stored, and products with it are those of float32', async () => {
  const changed = async (weightOf: (graph: Graph) => Value) => {
    const graph = new Graph();
    const change = input(graph, 'change', 'f32', [out, inner]);
    const given = input(graph, 'x', 'f32', [rows, inner]);
    return (await run(graph, { y: linear(given, add(weightOf(graph), change)) })).get('y');
  };
  const plain = (graph: Graph) => weight(graph, 'whole', 'f32', [out, inner]);
  expect(await changed(eightBitWeight)).toEqual(await changed(plain));
});

test('weights alone are widened to what was rounded', async () => {
  const graph = new Graph();
  const given = weight(graph, 'rounded', 'i8', [out, inner]);
  const y = dequantize(given, weight(graph, 'scale', 'f32', [out]));
  const { data } = (await run(graph, { y })).get('y');
  expect([...data]).toEqual(
    [...rounded.data].map((each, i) => Math.fround(each * at(scale, Math.floor(i / inner)))),
  );
});

test('a matrix that enters several products is rounded once, and what no product needs is left out', () => {
  const graph = new Graph();
  const given = input(graph, 'x', 'f32', [1, rows, inner]);
  const ofSame = eightBitWeight(graph);
  const bias = input(graph, 'b', 'f32', [out]);
  const program = simplify({
    graph,
    outputs: { a: linear(given, ofSame), b: linear(given, ofSame, bias) },
  });
  verify(program);
  const text = print(program);
  expect(text.match(/roundRows/g)).toHaveLength(1);
  expect(text.match(/integerProduct/g)).toHaveLength(2);
  expect(text).not.toMatch(/weight:(whole|rounded)/);
});

/** Sums of 48 float32, relative to the bound. */
const withRounding = 1 + 1e-4;

function at({ data }: Tensor<'f32' | 'i8'>, index: number): number {
  return data[index] ?? Number.NaN;
}

function largest({ data }: Tensor<'f32'>, row: number, width: number): number {
  return Math.max(...data.subarray(row * width, (row + 1) * width).map(Math.abs));
}
