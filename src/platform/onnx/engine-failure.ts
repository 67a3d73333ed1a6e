/** @file What ONNX Runtime fails of, as errors with codes, the same in all its builds. */
import { SystemError } from '../../base/errors.ts';

/** What allocators, C++ and WebAssembly call it; a product that overflows is the size of something too large. */
const ofMemory =
  /bad[_ ]alloc|out of memory|\bOOM\b|memory access out of bounds|failed to allocate|allocation failed|safeint\.h|tensor storage size/i;

/** The error for what ONNX Runtime threw when it opened a session or ran one. */
export function engineFailure(error: unknown, code: 'SESSION_FAILED' | 'RUN_FAILED'): SystemError {
  if (error instanceof SystemError) return error;
  const reason = (error instanceof Error ? error.message : String(error)).trim();
  const options = { cause: error };
  if (isOfMemory(reason)) {
    return new SystemError(
      'OUT_OF_MEMORY',
      `ONNX Runtime has no memory left: ${reason}; use a smaller \`batchSize\` or \`resolution\`, or \`memory\` to train in segments`,
      options,
    );
  }
  return code === 'SESSION_FAILED'
    ? new SystemError('SESSION_FAILED', `ONNX Runtime could not load the graph: ${reason}`, options)
    : new SystemError('RUN_FAILED', `ONNX Runtime could not run the graph: ${reason}`, options);
}

/** Whether a message says that there was no memory left. */
export function isOfMemory(message: string): boolean {
  return ofMemory.test(message);
}
