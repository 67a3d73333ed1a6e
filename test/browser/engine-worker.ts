/** @file The worker of a page under test that speaks to the engine: what it chooses, and how it fails. */
import { giveFiles, setUpBrowser } from '../../src/api/browser.ts';
import { compile, expand, Graph, input, matmul, sum } from '../../src/graph/index.ts';
import { webEngine } from '../../src/platform/browser/onnx/web-engine.ts';
import { chooseDevice, type DeviceName, devices, openSession } from '../../src/runtime/index.ts';
import { float32 } from '../../src/tensor/tensor.ts';
import type { Computation, Values } from './computation.ts';
import { type LayerRun, type RealLayerName, runLayer } from './real-layers.ts';

/** What a page may ask, by name. */
const calls = {
  chooseDevice: () => chooseDevice('auto'),
  limits: async () => (await chooseDevice('webgpu')).limits,
  product,
  productsAtOnce: async () => await Promise.all([product(), product(), product()]),
  loseDevice,
  exhaustMemory,
  compute,
  layer,
};

interface AskedLayer {
  readonly name: RealLayerName;
  readonly device: DeviceName;
  /** Whether the adapter gives no more than every one does. @default it gives all it has */
  readonly isLeast?: boolean;
}

declare const self: DedicatedWorkerGlobalScope;

setUpBrowser({ runtimeFiles: (name) => `${location.origin}/runtime/${name}` });

/** The last that was made. */
let graphics: GPUDevice | undefined;

const request = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (...options) {
  graphics = await request.apply(this, options);
  return graphics;
};

interface Asked {
  readonly call: keyof typeof calls;
  readonly options: Computation & AskedLayer;
}

self.onmessage = async ({ data }: MessageEvent<Asked>) => {
  try {
    self.postMessage({ result: await calls[data.call](data.options) });
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    self.postMessage({ error: { code, message } });
  }
};

async function compute({
  device,
  model,
  inputs,
}: Computation): Promise<Readonly<Record<string, Values>>> {
  const session = await webEngine.open(Uint8Array.from(model), { device });
  try {
    const given = Object.entries(inputs).map(
      ([name, { shape, data }]) => [name, float32(shape, Float32Array.from(data))] as const,
    );
    const outputs = [...(await session.run(new Map(given)))].map(
      ([name, { shape, data }]) => [name, { shape, data: [...data].map(Number) }] as const,
    );
    return Object.fromEntries(outputs);
  } finally {
    await session.release();
  }
}

async function layer({ name, device, isLeast = false }: AskedLayer): Promise<LayerRun> {
  if (isLeast) Object.defineProperty(GPUAdapter.prototype, 'limits', { get: () => leastLimits });
  const keep = (file: string, bytes: Uint8Array<ArrayBuffer>) =>
    giveFiles('layer', [new File([bytes], file)]);
  return await runLayer(name, device, keep);
}

/** The defaults of WebGPU. */
const leastLimits = {
  maxBindGroups: 4,
  maxBufferSize: 2 ** 28,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupStorageSize: 2 ** 14,
  maxComputeWorkgroupsPerDimension: 2 ** 16 - 1,
  maxStorageBufferBindingSize: 2 ** 27,
  maxStorageBuffersPerShaderStage: 8,
};

const side = 64;

function openProduct() {
  const graph = new Graph();
  const x = input(graph, 'x', 'f32', [side, side]);
  const { target } = devices.webgpu;
  const program = compile({ graph, outputs: { y: matmul(x, x) } }, undefined, { target });
  return openSession(program, { device: 'webgpu' });
}

const twos = () => ({ x: float32([side, side], new Float32Array(side ** 2).fill(2)) });

/** One element of a product on the graphics device. */
async function product(): Promise<number | undefined> {
  await using session = await openProduct();
  return (await session.run(twos())).get('y').data[0];
}

/** Runs until the device is gone, and once more. */
async function loseDevice(): Promise<void> {
  await using session = await openProduct();
  await session.run(twos());
  graphics?.destroy();
  await session.run(twos());
}

/** Adds up more than a module of 32 bits can have; says what each device answers. */
async function exhaustMemory(): Promise<readonly unknown[]> {
  const codes: unknown[] = [];
  for (const device of ['cpu', 'webgpu'] satisfies DeviceName[]) {
    const graph = new Graph();
    const large = expand(input(graph, 'x', 'f32', [1]), [2 ** 30]);
    await using session = await openSession(
      compile({ graph, outputs: { y: sum(large, [0]) } }, undefined, devices[device]),
      { device },
    );
    const running = session.run({ x: float32([1]) });
    codes.push(
      await running.then(
        () => 'none',
        ({ code }) => code,
      ),
    );
  }
  return codes;
}
