/** @file Safetensors files on disk: the header is read at once, tensors only when asked for. */
import { FormatError, SystemError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import {
  parseSafetensorsHeader,
  type SafetensorsHeader,
  safetensorsHeaderSize,
  type TensorEntry,
  tensorOverBuffer,
} from '../../formats/safetensors/safetensors.ts';
import { type FileHandle, realpath } from '../../platform/files.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { reading, readRange, withFile } from '../files/file-range.ts';

/** A safetensors file whose header has been read and checked. */
export interface SafetensorsFile {
  /** Absolute, with symbolic links resolved: the runtime refuses links that leave a model's folder. */
  readonly path: string;
  readonly header: SafetensorsHeader;
  /** @throws FormatError where no tensor has this name */
  read(name: string): Promise<Tensor>;
  readAll(): Promise<Map<string, Tensor>>;
}

/**
 * Opens a safetensors file; no handle stays open between reads.
 *
 * @throws SystemError where the file cannot be read
 * @throws FormatError where it is not a sound safetensors file
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const { realPath, header } = await reading(path, async () => {
    const realPath = await realpath(path);
    return { realPath, header: await withFile(realPath, (handle) => readHeader(handle, path)) };
  });
  return {
    path: realPath,
    header,
    async read(name) {
      const entry = header.entries.get(name);
      if (entry === undefined) {
        throw new FormatError(
          'TENSOR_MISSING',
          `${path}: no tensor "${name}" among ${header.entries.size}${didYouMean(name, header.entries.keys())}`,
        );
      }
      return readTensor(realPath, entry);
    },
    readAll() {
      return reading(path, () =>
        withFile(realPath, async (handle) => {
          const tensors = new Map<string, Tensor>();
          for (const [name, entry] of header.entries) {
            tensors.set(name, await readEntry(handle, entry, path));
          }
          return tensors;
        }),
      );
    },
  };
}

/** One tensor of a file whose header is already known. */
export function readTensor(path: string, entry: TensorEntry): Promise<Tensor> {
  return reading(path, () => withFile(path, (handle) => readEntry(handle, entry, path)));
}

async function readHeader(handle: FileHandle, where: string): Promise<SafetensorsHeader> {
  const stats = await handle.stat();
  if (!stats.isFile()) {
    throw new SystemError(
      'NOT_A_FILE',
      `cannot read ${where}: it is not a file; give a .safetensors file`,
    );
  }
  const start = await readRange(handle, 0, Math.min(16, stats.size), where);
  const headerSize = safetensorsHeaderSize(new Uint8Array(start), stats.size, where);
  const prefix = await readRange(handle, 0, 8 + headerSize, where);
  return parseSafetensorsHeader(new Uint8Array(prefix), stats.size, where);
}

async function readEntry(handle: FileHandle, entry: TensorEntry, where: string): Promise<Tensor> {
  return tensorOverBuffer(await readRange(handle, entry.offset, entry.byteLength, where), entry);
}
