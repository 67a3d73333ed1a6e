/** @file ONNX Runtime in Node. */
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { SystemError } from '../../base/errors.ts';
import { type DType, type Tensor, tensor } from '../../tensor/tensor.ts';
import { usualThreads } from '../machine.ts';
import type { DeviceName, Engine, EngineOptions, EngineSession } from './engine.ts';
import { missing } from './node-providers.ts';
import { nodeTrial } from './node-trial.ts';
import { unneededOptimizers } from './unneeded-optimizers.ts';

const onnxTypes = {
  f64: 'float64',
  f32: 'float32',
  i64: 'int64',
  i32: 'int32',
  u8: 'uint8',
} as const;

/** The execution providers of onnxruntime-node. */
export const nodeEngine: Engine = {
  name: 'onnxruntime-node',
  missing,
  trial: nodeTrial,
  async open(model, options) {
    const session = await create(model, options);
    return {
      run: (inputs) => run(session, inputs),
      release: async () => {
        if (options.profile !== undefined) session.endProfiling();
        await session.release();
      },
    } satisfies EngineSession;
  },
};

async function create(model: Uint8Array, options: EngineOptions): Promise<InferenceSession> {
  const settings = sessionOptions(options);
  try {
    return await InferenceSession.create(model, settings);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SystemError('SESSION_FAILED', `ONNX Runtime could not load the graph: ${reason}`, {
      cause: error,
    });
  }
}

function sessionOptions(options: EngineOptions): InferenceSession.SessionOptions {
  const {
    device = 'cpu',
    weightsFolder,
    weightsInPlace = false,
    arena = true,
    threads = usualThreads(),
    profile,
  } = options;
  return {
    // What a device has no kernel for runs on the CPU.
    executionProviders: [device],
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
    // Memory patterns of a training graph cost gigabytes from the second run on (docs/pitfalls.md).
    enableMemPattern: false,
    enableCpuMemArena: arena,
    // The last level folds casts of weights into float32 copies (FuseFp16InitializerToFp32NodeTransformer).
    graphOptimizationLevel: weightsInPlace ? 'layout' : 'all',
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
    extra: {
      session: {
        ...(weightsFolder === undefined
          ? {}
          : { model_external_initializers_file_folder_path: weightsFolder }),
        ...(weightsInPlace ? { disable_prepacking: '1' } : {}),
      },
      optimization: { disable_specified_optimizers: withoutOptimizers(device, weightsInPlace) },
    },
  };
}

function withoutOptimizers(device: DeviceName, weightsInPlace: boolean): string {
  return [
    ...(device === 'cpu' ? unneededOptimizers : []),
    ...(weightsInPlace ? ['ConstantFolding', 'CommonSubexpressionElimination'] : []),
  ].join(';');
}

async function run(
  session: InferenceSession,
  inputs: ReadonlyMap<string, Tensor>,
): Promise<Map<string, Tensor>> {
  const feeds: Record<string, OnnxTensor> = {};
  for (const [name, value] of inputs) feeds[name] = toOnnx(value);
  const results = await session.run(feeds);
  return new Map(Object.entries(results).map(([name, value]) => [name, fromOnnx(value)]));
}

function toOnnx({ dtype, shape, data }: Tensor): OnnxTensor {
  if (!(dtype in onnxTypes)) throw new Error(`internal: ${dtype} inputs are not fed`);
  return new OnnxTensor(onnxTypes[dtype as keyof typeof onnxTypes], data, shape);
}

function fromOnnx(value: InferenceSession.OnnxValueMapType[string]): Tensor {
  const result = value as OnnxTensor;
  const dtype = Object.entries(onnxTypes).find(([, type]) => type === result.type)?.[0];
  if (dtype === undefined) throw new Error(`internal: an output has the dtype ${result.type}`);
  return tensor(dtype as DType, result.dims, result.data as Float32Array<ArrayBuffer>);
}
