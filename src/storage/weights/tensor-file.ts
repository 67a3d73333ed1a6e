/** @file A file of named tensors, whatever its format: safetensors, or a PyTorch checkpoint. */
import { SystemError } from '../../base/errors.ts';
import { describeMistakenFile } from '../../formats/mistaken-file.ts';
import { realpath } from '../../platform/files.ts';
import { extname } from '../../platform/paths.ts';
import { reading, readRange, withFile } from '../files/file-range.ts';
import { openSafetensors } from './safetensors-file.ts';
import { withScales } from './scaled-weights.ts';
import { readTorchCheckpoint } from './torch-checkpoint-file.ts';
import type { WeightPlace } from './weight-place.ts';

/** Where all tensors of a file lie. */
export interface TensorFile {
  /** Absolute, with symbolic links resolved. */
  readonly path: string;
  readonly places: ReadonlyMap<string, WeightPlace>;
  /** What a safetensors file says about itself; PyTorch checkpoints say nothing. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Endings under which PyTorch checkpoints are published. */
const torchEndings: readonly string[] = ['.ckpt', '.pt', '.pth', '.bin'];

/** True where a path ends as files of tensors do. */
export function isTensorFileName(path: string): boolean {
  const ending = extname(path).toLowerCase();
  return ending === '.safetensors' || torchEndings.includes(ending);
}

/**
 * Opens a file of tensors by its content: files are often renamed.
 *
 * @throws FormatError what the format finds wrong, PICKLE_UNSAFE for a pickle that could run code
 */
export async function openTensorFile(path: string): Promise<TensorFile> {
  return await reading(path, async () => {
    const file = await realpath(path);
    const torch = await withFile(file, async (handle) => {
      const stats = await handle.stat();
      if (!stats.isFile()) {
        throw new SystemError('NOT_A_FILE', `cannot read ${path}: it is not a file; give a file`);
      }
      const length = Math.min(16, stats.size);
      const start = new Uint8Array(await readRange(handle, 0, length, path));
      if (!isTorch(start, path)) return undefined;
      return await readTorchCheckpoint({ handle, file, fileSize: stats.size, where: path });
    });
    if (torch !== undefined) return { path: file, places: torch, metadata: {} };
    const { header } = await openSafetensors(path);
    const places = new Map([...header.entries].map(([name, entry]) => [name, { entry, file }]));
    return { path: file, places: await withScales(places, path), metadata: header.metadata };
  });
}

function isTorch(start: Uint8Array, path: string): boolean {
  if (start[0] === 0x50 && start[1] === 0x4b) return true;
  // A safetensors header begins with "{" after its length, whose first byte may well look like a pickle's.
  if (start[8] === 0x7b || start.byteLength < 2) return false;
  if (start[0] === 0x80) return true;
  const ending = extname(path).toLowerCase();
  return torchEndings.includes(ending) && describeMistakenFile(start) === undefined;
}
