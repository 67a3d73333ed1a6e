/** @file ONNX Runtime in Node. */
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import type { Tensor } from '../../tensor/tensor.ts';
import { usualThreads } from '../machine.ts';
import type { Engine, EngineOptions, EngineSession } from './engine.ts';
import { engineFailure } from './engine-failure.ts';
import { missing } from './node-providers.ts';
import { nodeTrial } from './node-trial.ts';
import { commonOptions } from './session-options.ts';
import { onnxTypeOf, tensorOf } from './values.ts';

/** The execution providers of onnxruntime-node. */
export const nodeEngine: Engine = {
  name: 'onnxruntime-node',
  missing,
  // It tells nothing of the adapter that it found, nor what it takes.
  softwareAdapter: async () => undefined,
  limits: async () => undefined,
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
    throw engineFailure(error, 'SESSION_FAILED');
  }
}

function sessionOptions(options: EngineOptions): InferenceSession.SessionOptions {
  const { device = 'cpu', weightsFolder, threads = usualThreads(), profile } = options;
  const { extra, ...common } = commonOptions(options);
  const folder = weightsFolder && { model_external_initializers_file_folder_path: weightsFolder };
  return {
    ...common,
    // What a device has no kernel for runs on the CPU.
    executionProviders: [device],
    intraOpNumThreads: threads,
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
    extra: { ...extra, session: { ...extra.session, ...folder } },
  };
}

async function run(
  session: InferenceSession,
  inputs: ReadonlyMap<string, Tensor>,
): Promise<Map<string, Tensor>> {
  const feeds: Record<string, OnnxTensor> = {};
  for (const [name, { dtype, shape, data }] of inputs) {
    feeds[name] = new OnnxTensor(onnxTypeOf(dtype), data, shape);
  }
  const results = await session.run(feeds).catch((error: unknown) => {
    throw engineFailure(error, 'RUN_FAILED');
  });
  return new Map(
    Object.entries(results).map(([name, value]) => [name, tensorOf(value as OnnxTensor)]),
  );
}
