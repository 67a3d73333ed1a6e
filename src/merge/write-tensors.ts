/** @file Writes the tensors of one or several files, one at a time, and says how far it is. */
import type { Listener } from '../base/listener.ts';
import { byteLengthOf } from '../formats/safetensors/safetensors-layout.ts';
import { writeSafetensors } from '../storage/weights/safetensors-writer.ts';
import type { OutputTensor, OutputTensors } from './output-tensor.ts';

/** How far it is: sent before every tensor. */
export interface MergeEvent {
  readonly type: 'writing';
  readonly tensor: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface MergeHost {
  readonly listener?: Listener<MergeEvent>;
  readonly signal?: AbortSignal;
}

/** A file to be written. */
export interface TensorsFile {
  readonly path: string;
  readonly tensors: OutputTensors;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Writes files of tensors, each whole or not at all.
 *
 * @returns bytes of all tensors
 * @throws SystemError where it cannot be written, or the signal's reason
 */
export async function writeTensors(
  files: readonly TensorsFile[],
  { listener, signal }: MergeHost,
): Promise<number> {
  const all = files.flatMap(({ tensors }) => [...tensors.values()]);
  const totalBytes = all.reduce((sum, spec) => sum + byteLengthOf(spec), 0);
  let doneBytes = 0;
  for (const { path, tensors, metadata } of files) {
    const pieces = async function* (name: string, spec: OutputTensor) {
      signal?.throwIfAborted();
      listener?.({ type: 'writing', tensor: name, doneBytes, totalBytes });
      const { data } = await spec.read();
      yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      doneBytes += data.byteLength;
    };
    await writeSafetensors(path, tensors, pieces, metadata);
  }
  return totalBytes;
}
