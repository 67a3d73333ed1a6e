/** @file ONNX Runtime in a browser: WebAssembly and WebGPU. */
import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-web';
import { float32, type Tensor } from '../../../tensor/tensor.ts';
import type { DeviceName, Engine, EngineOptions, EngineSession } from '../../onnx/engine.ts';
import { engineFailure } from '../../onnx/engine-failure.ts';
import { commonOptions } from '../../onnx/session-options.ts';
import { onnxTypeOf, tensorOf } from '../../onnx/values.ts';
import { blobOf } from '../files.ts';
import { usualThreads } from '../machine.ts';
import { join } from '../paths.ts';
import { untilMessagesAreHeard } from '../waiting.ts';
import {
  adapterLimits,
  GraphicsDevice,
  missingAdapter,
  softwareAdapter,
} from './graphics-device.ts';
import { type LoadedRuntime, loadedRuntime, runtimeFailure } from './runtime-build.ts';

/** The execution providers of onnxruntime-web. */
export const webEngine: Engine = {
  name: 'onnxruntime-web',
  missing,
  softwareAdapter: async (device) => (device === 'webgpu' ? await softwareAdapter() : undefined),
  limits: async (device) => (device === 'webgpu' ? await adapterLimits() : undefined),
  trial,
  async open(model, options) {
    const { session, place } = await openOn(model, options);
    return sessionOf(session, place);
  },
};

/** Where a session lives. */
interface Place {
  readonly runtime: LoadedRuntime;
  readonly graphics: GraphicsDevice | undefined;
}

interface Opened {
  readonly session: InferenceSession;
  readonly place: Place;
}

async function openOn(model: Uint8Array, options: EngineOptions): Promise<Opened> {
  const { device = 'cpu', threads = usualThreads() } = options;
  const runtime = await loadedRuntime(device, threads);
  const graphics = device === 'webgpu' ? await GraphicsDevice.open() : undefined;
  const place = { runtime, graphics };
  const externalData = await weightsOf(options);
  const settings = { ...sessionOptions(options, graphics), externalData };
  const session = await attempt('SESSION_FAILED', place, () =>
    runtime.ort.InferenceSession.create(model, settings),
  );
  return { session, place };
}

function sessionOf(session: InferenceSession, place: Place): EngineSession {
  let hasFailed = false;
  return {
    run: async (inputs) => {
      try {
        return await attempt('RUN_FAILED', place, () => run(place.runtime, session, inputs));
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    },
    release: async () => {
      try {
        await place.runtime.turns.take(() => session.release());
      } catch (error) {
        // One that failed may not even close any more, and has said why.
        if (!hasFailed) throw error;
      }
    },
  };
}

/** Calls ONNX Runtime when its turn has come. @throws SystemError */
async function attempt<T>(
  code: 'SESSION_FAILED' | 'RUN_FAILED',
  { runtime, graphics }: Place,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await runtime.turns.take(() => graphics?.whileHeld(call) ?? call());
  } catch (error) {
    const failure = engineFailure(error, code);
    throw runtimeFailure(failure) ?? failure;
  }
}

function sessionOptions(
  options: EngineOptions,
  graphics: GraphicsDevice | undefined,
): InferenceSession.SessionOptions {
  const provider = graphics && ({ name: 'webgpu', device: graphics.device } as const);
  return { ...commonOptions(options), executionProviders: [provider ?? 'wasm'] };
}

/** The weight files of a model as blobs, which are read from the disk as they are needed. */
async function weightsOf({ weightsFolder, weightFiles = [] }: EngineOptions) {
  if (weightsFolder === undefined) return [];
  return await Promise.all(
    weightFiles.map(async (path) => ({ path, data: await blobOf(join(weightsFolder, path)) })),
  );
}

async function run(
  { ort }: LoadedRuntime,
  session: InferenceSession,
  inputs: ReadonlyMap<string, Tensor>,
): Promise<Map<string, Tensor>> {
  const feeds: Record<string, OnnxTensor> = {};
  for (const [name, { dtype, shape, data }] of inputs) {
    feeds[name] = new ort.Tensor(onnxTypeOf(dtype), data, shape);
  }
  const results = await session.run(feeds);
  // Who asks this worker to stop is heard between two runs: WebAssembly computes without a pause.
  await untilMessagesAreHeard();
  return new Map(
    Object.entries(results).map(([name, value]) => [name, tensorOf(value as OnnxTensor)]),
  );
}

async function missing(device: DeviceName): Promise<string | undefined> {
  if (device === 'cpu') return undefined;
  return device === 'cuda' ? 'no browser has it' : await missingAdapter();
}

/** Milliseconds after which a device counts as hanging. */
const patience = 60_000;

/** Times a model on zeros: the faster of two runs, after one that compiles what a device compiles. */
async function trial(model: Uint8Array, device: DeviceName): Promise<number | string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it did not answer within ${patience / 1000} s`), patience);
  });
  try {
    return await Promise.race([timeOf(model, device), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}

async function timeOf(model: Uint8Array, device: DeviceName): Promise<number> {
  const { session, place } = await openOn(model, { device });
  const opened = sessionOf(session, place);
  try {
    const zeros = session.inputMetadata.flatMap((input) =>
      input.isTensor ? [[input.name, float32(input.shape.map(Number))] as const] : [],
    );
    const times: number[] = [];
    for (let i = 0; i < 3; i++) {
      const started = performance.now();
      await opened.run(new Map(zeros));
      times.push(performance.now() - started);
    }
    return Math.min(...times.slice(1));
  } finally {
    await opened.release();
  }
}
