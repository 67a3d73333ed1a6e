/** @file Writes safetensors files piece by piece, so that a model larger than memory can be written. */
import { invariant } from '../../base/errors.ts';
import {
  byteLengthOf,
  safetensorsLayout,
  type TensorSpec,
} from '../../formats/safetensors/safetensors-layout.ts';
import { createFile } from '../files/atomic-file.ts';

/** The bytes of one tensor in order, each piece free to be reused once the next is asked for. */
export type TensorPieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes a new safetensors file whole or not at all, holding one piece of one tensor at a time.
 *
 * @param specs names and types of all tensors
 * @param pieces asked once for every tensor, in the order of the file
 * @param metadata what the file says of itself
 * @throws SystemError where it cannot be written, FILE_EXISTS where something has the name
 */
export async function writeSafetensors<Spec extends TensorSpec>(
  path: string,
  specs: Iterable<readonly [string, Spec]>,
  pieces: (name: string, spec: Spec) => TensorPieces,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { header, tensors } = safetensorsLayout(specs, metadata);
  await createFile(path, async (handle) => {
    // Unlike write(), writeFile() goes on until all bytes are written, and continues where it stood before.
    await handle.writeFile(header);
    for (const [name, spec] of tensors) {
      let written = 0;
      for await (const piece of pieces(name, spec)) {
        await handle.writeFile(piece);
        written += piece.byteLength;
      }
      const expected = byteLengthOf(spec);
      invariant(written === expected, `"${name}" takes ${expected} bytes, its pieces ${written}`);
    }
  });
}
