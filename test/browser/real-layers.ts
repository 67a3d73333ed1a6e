/** @file Layers of Stable Diffusion 1.5 in their real sizes, with random weights in half precision; the same wherever they are made. */
import { required } from '../../src/base/required.ts';
import {
  compile,
  Graph,
  gradients,
  input,
  mean,
  reshape,
  silu,
  square,
  type Value,
  type WeightLocation,
} from '../../src/graph/index.ts';
import { resnet } from '../../src/models/resnet.ts';
import { spatialTransformer } from '../../src/models/unet/transformer.ts';
import { embedding, groupNorm, linear, Scope } from '../../src/nn/index.ts';
import { type DeviceName, devices, openSession } from '../../src/runtime/index.ts';
import { toHalf } from '../../src/tensor/half.ts';
import { elementCount, float32, int64, type Shape, type Tensor } from '../../src/tensor/tensor.ts';

interface Layer {
  readonly about: string;
  /** Whether steps of training go back through it, to its input `x`. */
  readonly isTrained: boolean;
  readonly trace: (scope: Scope) => Value;
}

/** What is largest in it at 512 pixels. */
export const realLayers = {
  feedForward: {
    about: 'the largest matrices of the UNet: 256 tokens of 1,280 channels to 10,240',
    isTrained: true,
    trace: (scope) => linear(scope, numbers(scope, 'x', [1, 256, 1280]), { out: 10240 }),
  },
  convolution: {
    about: 'the largest kernels of the UNet: 2,560 to 1,280 channels of 8 x 8',
    isTrained: true,
    trace: (scope) => residual(scope, { from: [1, 2560, 8, 8], out: 1280 }),
  },
  tokens: {
    about: 'rows of the text encoder’s table, 49,408 tokens of 768 numbers',
    isTrained: false,
    trace: (scope) => {
      const ids = input(scope.graph, 'ids', 'i64', [1, 77]);
      return embedding(scope, ids, { entries: 49408, size: 768 });
    },
  },
  picture: {
    about: 'the VAE decoder’s largest value, 256 channels of 512 x 512: normalised and activated',
    isTrained: false,
    trace: (scope) => {
      const x = numbers(scope, 'x', [1, 256, 512, 512]);
      return silu(groupNorm(scope, x, { groups: 32, epsilon: 1e-6 }));
    },
  },
  residual: {
    about: 'a block of two convolutions of 320 channels of 64 x 64',
    isTrained: true,
    trace: (scope) => residual(scope, { from: [1, 320, 64, 64], out: 320 }),
  },
  attention: {
    about: 'a block of attention over 4,096 tokens of 320 channels, 8 heads',
    isTrained: true,
    trace: (scope) =>
      spatialTransformer(scope, numbers(scope, 'x', [1, 320, 64, 64]), {
        context: numbers(scope, 'context', [1, 77, 768]),
        ...{ heads: 8, depth: 1, groups: 32, linearProjection: false },
      }),
  },
} as const satisfies Readonly<Record<string, Layer>>;

export type RealLayerName = keyof typeof realLayers;

function residual(scope: Scope, { from, out }: { readonly from: Shape; readonly out: number }) {
  const timeEmbedding = numbers(scope, 'time', [1, 1280]);
  const x = numbers(scope, 'x', from);
  return resnet(scope, x, { out, groups: 32, epsilon: 1e-5, timeEmbedding });
}

function numbers({ graph }: Scope, name: string, shape: Shape): Value {
  return input(graph, name, 'f32', shape);
}

/** What a layer gave. */
export interface LayerRun {
  /** Of each output so many numbers, at equal distances. */
  readonly found: Readonly<Record<string, readonly number[]>>;
  readonly flops: number;
  readonly weightBytes: number;
  /** Milliseconds until it was open, and of its run. */
  readonly opening: number;
  readonly running: number;
}

const mostNumbers = 2 ** 14;
const weightsFile = 'weights.bin';

/**
 * Opens a layer and runs it once.
 *
 * @param keep puts a file where a session finds it, and says in which folder
 */
export async function runLayer(
  name: RealLayerName,
  device: DeviceName,
  keep: (file: string, bytes: Uint8Array<ArrayBuffer>) => Promise<string>,
): Promise<LayerRun> {
  const { graph, outputs, weights } = traced(name);
  const random = uniform(1);
  const feeds = feedsOf(graph, random);
  const places = new Map<string, WeightLocation>();
  let weightBytes = 0;
  for (const [weight, { shape }] of weights) {
    const byteLength = 2 * elementCount(shape);
    places.set(weight, { file: weightsFile, offset: weightBytes, byteLength });
    weightBytes += byteLength;
  }
  const weightsFolder = await keep(weightsFile, halves([...weights.values()], random));
  const locate = (weight: string) => {
    const place = places.get(weight);
    if (place === undefined) throw new Error(`internal: ${weight} has no place`);
    return place;
  };
  const { target } = devices[device];
  const program = compile({ graph, outputs }, locate, { target });
  const start = performance.now();
  await using session = await openSession(program, { device, weightsFolder });
  const open = performance.now();
  const results = await session.run(feeds);
  const end = performance.now();
  const found = Object.keys(outputs).map((output) => {
    const { data } = results.get(output);
    const step = Math.max(1, Math.floor(data.length / mostNumbers));
    const count = Math.ceil(data.length / step);
    return [output, Array.from({ length: count }, (_, i) => required(data, i * step))] as const;
  });
  return {
    ...{ found: Object.fromEntries(found), flops: session.flops, weightBytes },
    ...{ opening: open - start, running: end - open },
  };
}

function traced(name: RealLayerName) {
  const { trace, isTrained }: Layer = realLayers[name];
  const graph = new Graph();
  const scope = Scope.root(graph, { stored: () => ({ dtype: 'f16', shape: [] }) }).child(name);
  const y = trace(scope);
  const all = y.shape.map((_, i) => i);
  const x = graph.nodes.find(({ operation }) => operation.attributes.name === 'x')?.outputs ?? [];
  const back = isTrained
    ? { gradient: required(gradients(reshape(mean(square(y), all), []), x), 0) }
    : {};
  return { graph, outputs: { y, ...back }, weights: scope.weights };
}

function feedsOf(graph: Graph, random: () => number): Readonly<Record<string, Tensor>> {
  const inputs = graph.nodes.filter(({ operation }) => operation.name === 'input');
  return Object.fromEntries(
    inputs.map(({ operation, outputs: [value] }) => {
      const { dtype, shape = [] } = value ?? {};
      const count = elementCount(shape);
      const tensor =
        dtype === 'i64'
          ? int64(
              shape,
              Array.from({ length: count }, (_, i) => 641 * i),
            )
          : float32(shape, Float32Array.from({ length: count }, random));
      return [String(operation.attributes.name), tensor];
    }),
  );
}

/** Numbers so large that a layer's results are about as large as its inputs, in half precision. */
function halves(weights: readonly Value[], random: () => number): Uint8Array<ArrayBuffer> {
  const counts = weights.map(({ shape }) => elementCount(shape));
  const bits = new Uint16Array(counts.reduce((sum, count) => sum + count, 0));
  let next = 0;
  for (const weight of weights) {
    const fanIn = elementCount(weight.shape.slice(1));
    const size = weight.shape.length === 1 ? 1 : fanIn ** -0.5;
    for (let i = elementCount(weight.shape); i > 0; i--) bits[next++] = toHalf(size * random());
  }
  return new Uint8Array(bits.buffer);
}

/** Numbers of variance 1 around 0 (Numerical Recipes' generator, which is quick). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.sqrt(12) * (state / 2 ** 32 - 0.5);
  };
}

/** The largest distance of what two runs gave, relative to the norm of an output's numbers. */
export function layerDistance({ found }: LayerRun, { found: expected }: LayerRun): number {
  const distances = Object.entries(expected).map(([output, numbers]) => {
    const given = found[output] ?? [];
    const squares = numbers.reduce((sum, x) => sum + x ** 2, 0);
    const off = numbers.reduce((sum, x, i) => sum + (x - (given[i] ?? Number.NaN)) ** 2, 0);
    return Math.sqrt(off / squares);
  });
  return Math.max(...distances);
}
