/** @file Which of ONNX Runtime's builds for browsers a page loads, and from where. */
import type * as Runtime from 'onnxruntime-web';

export type { Runtime };

/** Finds the address of one of ONNX Runtime's files by its name, such as `ort-wasm-simd-threaded.jspi.wasm`. */
let locate: ((name: string) => string) | undefined;

/** Says where they are served. Only then can it use threads: they load a file of its own, which no bundle is. */
export function locateRuntimeFiles(locator: (name: string) => string): void {
  locate = locator;
}

let loading: Promise<typeof Runtime> | undefined;

/** ONNX Runtime, loaded when it is first needed. */
export function runtime(threads: number): Promise<typeof Runtime> {
  loading ??= load(threads);
  return loading;
}

async function load(threads: number): Promise<typeof Runtime> {
  const { name, module } = chosenBuild();
  const found: typeof Runtime = await module();
  const { wasm } = found.env;
  if (locate !== undefined) {
    wasm.wasmPaths = { mjs: locate(`${name}.mjs`), wasm: locate(`${name}.wasm`) };
  }
  wasm.numThreads = locate === undefined ? 1 : threads;
  found.env.logLevel = 'error';
  return found;
}

/**
 * The default entry of the package has the old WebGPU provider, which refuses our convolutions. Of the others only the
 * one with promises on WebAssembly's stack (JSPI) reads weights from a blob without a copy in memory.
 */
function chosenBuild(): { name: string; module: () => Promise<typeof Runtime> } {
  if ('Suspending' in WebAssembly) {
    return { name: 'ort-wasm-simd-threaded.jspi', module: () => import('onnxruntime-web/jspi') };
  }
  if ('gpu' in navigator) {
    return {
      name: 'ort-wasm-simd-threaded.asyncify',
      module: () => import('onnxruntime-web/webgpu'),
    };
  }
  return { name: 'ort-wasm-simd-threaded', module: () => import('onnxruntime-web/wasm') };
}
