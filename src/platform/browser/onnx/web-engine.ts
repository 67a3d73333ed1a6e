/** @file ONNX Runtime in a browser: WebAssembly and WebGPU. */
import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-web';
import { SystemError } from '../../../base/errors.ts';
import { float32, type Tensor } from '../../../tensor/tensor.ts';
import type { DeviceName, Engine, EngineOptions } from '../../onnx/engine.ts';
import { commonOptions } from '../../onnx/session-options.ts';
import { onnxTypeOf, tensorOf } from '../../onnx/values.ts';
import { blobOf } from '../files.ts';
import { usualThreads } from '../machine.ts';
import { join } from '../paths.ts';
import { type Runtime, runtime } from './runtime-build.ts';

/** The execution providers of onnxruntime-web. */
export const webEngine: Engine = {
  name: 'onnxruntime-web',
  missing,
  trial,
  async open(model, options) {
    const ort = await runtime(options.device ?? 'cpu', options.threads ?? usualThreads());
    const session = await create(ort, model, options);
    return {
      run: (inputs) => run(ort, session, inputs),
      release: () => session.release(),
    };
  },
};

async function create(
  ort: typeof Runtime,
  model: Uint8Array,
  options: EngineOptions,
): Promise<InferenceSession> {
  const settings = { ...sessionOptions(options), externalData: await weightsOf(options) };
  try {
    return await ort.InferenceSession.create(model, settings);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SystemError('SESSION_FAILED', `ONNX Runtime could not load the graph: ${reason}`, {
      cause: error,
    });
  }
}

function sessionOptions(options: EngineOptions): InferenceSession.SessionOptions {
  const { device = 'cpu' } = options;
  return { ...commonOptions(options), executionProviders: [device === 'cpu' ? 'wasm' : 'webgpu'] };
}

/** The weight files of a model as blobs, which are read from the disk as they are needed. */
async function weightsOf({ weightsFolder, weightFiles = [] }: EngineOptions) {
  if (weightsFolder === undefined) return [];
  return await Promise.all(
    weightFiles.map(async (path) => ({ path, data: await blobOf(join(weightsFolder, path)) })),
  );
}

async function run(
  ort: typeof Runtime,
  session: InferenceSession,
  inputs: ReadonlyMap<string, Tensor>,
): Promise<Map<string, Tensor>> {
  const feeds: Record<string, OnnxTensor> = {};
  for (const [name, { dtype, shape, data }] of inputs) {
    feeds[name] = new ort.Tensor(onnxTypeOf(dtype), data, shape);
  }
  const results = await session.run(feeds);
  return new Map(
    Object.entries(results).map(([name, value]) => [name, tensorOf(value as OnnxTensor)]),
  );
}

async function missing(device: DeviceName): Promise<string | undefined> {
  if (device === 'cpu') return undefined;
  if (device === 'cuda') return 'no browser has it';
  if (!('gpu' in navigator))
    return 'this browser has no WebGPU, or keeps it from pages without https';
  const { gpu } = navigator as { gpu: { requestAdapter(): Promise<object | null> } };
  return (await gpu.requestAdapter()) === null ? 'no graphics adapter was found' : undefined;
}

/** Times a model on zeros: the faster of two runs, after one that compiles what a device compiles. */
async function trial(model: Uint8Array, device: DeviceName): Promise<number | string> {
  try {
    const ort = await runtime(device, usualThreads());
    const session = await ort.InferenceSession.create(model, sessionOptions({ device }));
    try {
      const feeds: Record<string, OnnxTensor> = {};
      for (const input of session.inputMetadata) {
        if (!input.isTensor) continue;
        const shape = input.shape.map(Number);
        feeds[input.name] = new ort.Tensor('float32', float32(shape).data, shape);
      }
      const times: number[] = [];
      for (let i = 0; i < 3; i++) {
        const started = performance.now();
        await session.run(feeds);
        times.push(performance.now() - started);
      }
      return Math.min(...times.slice(1));
    } finally {
      await session.release();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
