/** @file Which of ONNX Runtime's builds for browsers a page loads, and from where. */
import type * as Runtime from 'onnxruntime-web';
import { SystemError } from '../../../base/errors.ts';
import { Turns } from '../../../base/turns.ts';
import type { DeviceName } from '../../onnx/engine.ts';

/** A build, and whose turn it is to call it. */
export interface LoadedRuntime {
  readonly ort: typeof Runtime;
  /**
   * One call at a time: a second session that is created before the first is done stops all that come after it, and
   * where a call waits inside WebAssembly, what others put on its stack meanwhile would be taken down in the wrong order.
   */
  readonly turns: Turns;
}

/** Finds the address of one of ONNX Runtime's files by its name, such as `ort-wasm-simd-threaded.jspi.wasm`. */
let locate: ((name: string) => string) | undefined;

/** Says where they are served. Only then can it use threads: they load a file of its own, which no bundle is. */
export function locateRuntimeFiles(locator: (name: string) => string): void {
  locate = locator;
}

/** The error for a build that did not start: with its files elsewhere, ONNX Runtime says that it has no backend. */
export function runtimeFailure({ code, message, cause }: SystemError): SystemError | undefined {
  if (code !== 'SESSION_FAILED' || !message.includes('no available backend found')) return;
  const place = locate?.('') ?? 'where the bundler put them';
  return new SystemError(
    'NOT_SERVED',
    `expected the files of onnxruntime-web's folder dist (${place}), which did not load: ${message}; serve those of the installed version, .mjs as JavaScript, and say where they are by \`runtimeFiles\` of setUpBrowser()`,
    { cause },
  );
}

const loading = new Map<string, Promise<LoadedRuntime>>();

/** ONNX Runtime for a device, loaded when it is first needed. */
export function loadedRuntime(device: DeviceName, threads: number): Promise<LoadedRuntime> {
  const build = buildFor(device);
  const known = loading.get(build.name) ?? load(build, threads);
  loading.set(build.name, known);
  return known;
}

interface Build {
  /** Of its files, without their endings. */
  readonly name: string;
  readonly module: () => Promise<typeof Runtime>;
}

async function load({ name, module }: Build, threads: number): Promise<LoadedRuntime> {
  const found: typeof Runtime = await module();
  const { wasm } = found.env;
  if (locate !== undefined) {
    wasm.wasmPaths = { mjs: locate(`${name}.mjs`), wasm: locate(`${name}.wasm`) };
  }
  wasm.numThreads = locate === undefined ? 1 : threads;
  found.env.logLevel = 'error';
  return { ort: found, turns: new Turns(1) };
}

/**
 * The processor needs no build that waits inside WebAssembly. The default entry of the package has the old WebGPU
 * provider, which refuses our convolutions; of the others only the one with promises on WebAssembly's stack (JSPI) reads
 * weights from a blob without a copy in memory.
 */
function buildFor(device: DeviceName): Build {
  if (device === 'cpu') {
    return { name: 'ort-wasm-simd-threaded', module: () => import('onnxruntime-web/wasm') };
  }
  if ('Suspending' in WebAssembly) {
    return { name: 'ort-wasm-simd-threaded.jspi', module: () => import('onnxruntime-web/jspi') };
  }
  return {
    name: 'ort-wasm-simd-threaded.asyncify',
    module: () => import('onnxruntime-web/webgpu'),
  };
}
