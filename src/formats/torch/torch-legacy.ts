/** @file PyTorch's checkpoint format before version 1.6: five pickles, then the storages one after the other. */
import { FormatError } from '../../base/errors.ts';
import { bytesPerElement } from '../../tensor/tensor.ts';
import { readPickle } from './pickle.ts';
import { readTorchPickle, type TorchStorage } from './torch-pickle.ts';

const magicNumber = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;

/** What a file says before the storages. */
export interface TorchLegacyHeader {
  readonly value: unknown;
  /** Where each storage's elements begin, by key; eight bytes with their number stand before. */
  readonly storageOffsets: ReadonlyMap<string, number>;
}

/**
 * Reads magic number, version, system, content and the order of the storages.
 *
 * @param prefix the file from byte 0
 * @throws PickleCutShort where more of the file is needed, and what readTorchPickle throws
 */
export function parseTorchLegacy(
  prefix: Uint8Array,
  fileSize: number,
  where: string,
): TorchLegacyHeader {
  const plain = (start: number) => readPickle(prefix, { where, start, globals: new Map() });
  const magic = plain(0);
  const version = magic.value === magicNumber ? plain(magic.end) : undefined;
  if (version?.value !== protocolVersion) {
    throw new FormatError(
      'NOT_TORCH',
      `${where}: expected a PyTorch checkpoint, found another pickle; give a file of a model's weights`,
    );
  }
  const system = plain(version.end);
  const content = readTorchPickle(prefix, { where, start: system.end });
  const keys = plain(content.end);
  const storageOffsets = new Map<string, number>();
  let position = keys.end;
  for (const storage of storagesInOrder(keys.value, content.storages, where)) {
    storageOffsets.set(storage.key, position + 8);
    position += 8 + storage.elements * bytesPerElement[storage.dtype];
  }
  if (position > fileSize) {
    throw new FormatError(
      'TORCH_TRUNCATED',
      `${where}: its tensors take ${position} bytes, the file has ${fileSize}; download it again`,
    );
  }
  return { value: content.value, storageOffsets };
}

function storagesInOrder(
  keys: unknown,
  storages: ReadonlyMap<string, TorchStorage>,
  where: string,
): readonly TorchStorage[] {
  const found = (Array.isArray(keys) ? keys : []).map((key) =>
    typeof key === 'string' ? storages.get(key) : undefined,
  );
  const known = found.filter((storage) => storage !== undefined);
  if (known.length === found.length && new Set(known).size === storages.size) return known;
  throw new FormatError(
    'TORCH_TENSOR',
    `${where}: not a sound PyTorch checkpoint: its list of storages is not that of its tensors; download it again`,
  );
}
