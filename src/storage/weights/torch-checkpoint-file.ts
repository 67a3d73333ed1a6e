/** @file PyTorch checkpoints on disk (.ckpt, .pt, .bin): where each tensor lies, so that weights are read in place. */
import { FormatError } from '../../base/errors.ts';
import { decodeText } from '../../formats/text.ts';
import { PickleCutShort } from '../../formats/torch/pickle-reader.ts';
import { parseTorchLegacy } from '../../formats/torch/torch-legacy.ts';
import { readTorchPickle, spanOf, stateDictionary } from '../../formats/torch/torch-pickle.ts';
import {
  findZipDirectory,
  parseZipDirectory,
  type ZipEntry,
  zipContentOffset,
  zipLocalHeaderSize,
  zipTailSize,
} from '../../formats/torch/zip.ts';
import type { FileHandle } from '../../platform/files.ts';
import { bytesPerElement } from '../../tensor/tensor.ts';
import { readRange } from '../files/file-range.ts';
import type { WeightPlace } from './weight-place.ts';

/** The pickle of a checkpoint with 10,000 tensors has about two megabytes. */
const largestPickle = 2 ** 26;

/** How often the bytes of a file may be part of tensors; tied weights are two, and each is read by itself. */
const mostShares = 8;

/** A checkpoint being opened. */
interface Checkpoint {
  readonly handle: FileHandle;
  /** With symbolic links resolved. */
  readonly file: string;
  readonly fileSize: number;
  /** Names the file in errors. */
  readonly where: string;
}

/** Content of the pickle, and where storages begin in the file. */
interface Content {
  readonly value: unknown;
  readonly storageOffset: (key: string) => number;
}

/**
 * Places of a checkpoint's tensors; nothing of the file is run, see formats/pickle.ts.
 *
 * @throws FormatError PICKLE_UNSAFE where the file holds anything but tensors in plain containers
 */
export async function readTorchCheckpoint(
  checkpoint: Checkpoint,
): Promise<ReadonlyMap<string, WeightPlace>> {
  const { file, where } = checkpoint;
  const start = new Uint8Array(await readRange(checkpoint.handle, 0, 2, where));
  const isZip = start[0] === 0x50 && start[1] === 0x4b;
  const { value, storageOffset } = isZip ? await openZip(checkpoint) : await openLegacy(checkpoint);
  const places = new Map<string, WeightPlace>();
  let totalBytes = 0;
  for (const [name, tensor] of stateDictionary(value, where)) {
    const { offset, byteLength, axes } = spanOf(tensor, name, where);
    const { storage, shape } = tensor;
    totalBytes += byteLength;
    if (totalBytes > mostShares * checkpoint.fileSize) {
      throw new FormatError(
        'TORCH_SHARED',
        `${where}: its tensors hold more than ${mostShares} times the bytes of the file: they share their storages as no model's weights do; the file is damaged or made to use up memory`,
      );
    }
    const begin = storageOffset(storage.key) + offset;
    const entry = { name, dtype: storage.dtype, shape, offset: begin, byteLength };
    places.set(name, { entry, file, ...(axes === undefined ? {} : { axes }) });
  }
  return places;
}

/** Since PyTorch 1.6: a zip archive with one folder that holds data.pkl and a file per storage. */
async function openZip(checkpoint: Checkpoint): Promise<Content> {
  const { handle, fileSize, where } = checkpoint;
  const tailSize = Math.min(fileSize, zipTailSize);
  const tail = new Uint8Array(await readRange(handle, fileSize - tailSize, tailSize, where));
  const { offset, byteLength, count } = findZipDirectory(tail, fileSize, where);
  if (byteLength > largestPickle) throw tooLarge('directory', where);
  const directory = new Uint8Array(await readRange(handle, offset, byteLength, where));
  const entries = parseZipDirectory(directory, count, where);
  const pickles = [...entries.values()].filter(({ name }) => /^[^/]*\/data\.pkl$/.test(name));
  const [pickle] = pickles;
  if (pickle === undefined || pickles.length > 1) {
    throw new FormatError(
      'NOT_TORCH',
      `${where}: expected a PyTorch checkpoint, found a zip archive ${pickle === undefined ? 'without' : 'with more than one'} data.pkl; give a file of a model's weights`,
    );
  }
  const folder = pickle.name.slice(0, -'data.pkl'.length);
  await requireLittleEndian(checkpoint, entries.get(`${folder}byteorder`));
  const { value, storages } = readTorchPickle(await readContent(checkpoint, pickle), { where });
  const offsets = new Map<string, number>();
  for (const { key, dtype, elements } of storages.values()) {
    const entry = entries.get(`${folder}data/${key}`);
    const expected = elements * bytesPerElement[dtype];
    if (entry === undefined || entry.byteLength < expected) {
      throw new FormatError(
        'TORCH_TRUNCATED',
        `${where}: expected ${expected} bytes in ${folder}data/${key}, found ${entry?.byteLength ?? 'no such entry'}; download the file again`,
      );
    }
    offsets.set(key, await contentOffset(checkpoint, entry));
  }
  return { value, storageOffset: (key) => offsets.get(key) ?? 0 };
}

async function contentOffset(checkpoint: Checkpoint, entry: ZipEntry): Promise<number> {
  const { handle, fileSize, where } = checkpoint;
  if (entry.method !== 0 || entry.encrypted) {
    throw new FormatError(
      'ZIP_COMPRESSED',
      `${where}: "${entry.name}" is compressed or encrypted, and weights are read where they lie; save the model again with torch.save, which stores them as they are`,
    );
  }
  const size = Math.max(0, Math.min(zipLocalHeaderSize, fileSize - entry.headerOffset));
  const header = new Uint8Array(await readRange(handle, entry.headerOffset, size, where));
  return zipContentOffset(header, entry, { fileSize, where });
}

async function readContent(checkpoint: Checkpoint, entry: ZipEntry): Promise<Uint8Array> {
  const offset = await contentOffset(checkpoint, entry);
  if (entry.byteLength > largestPickle) throw tooLarge('pickle', checkpoint.where);
  const { handle, where } = checkpoint;
  return new Uint8Array(await readRange(handle, offset, entry.byteLength, where));
}

async function requireLittleEndian(
  checkpoint: Checkpoint,
  entry: ZipEntry | undefined,
): Promise<void> {
  if (entry === undefined) return;
  const order = decodeText(await readContent(checkpoint, entry), checkpoint.where);
  if (order === 'little') return;
  throw new FormatError(
    'TORCH_BYTE_ORDER',
    `${checkpoint.where}: expected little-endian tensors, found byteorder "${order.slice(0, 20)}"; save the model again on a little-endian machine`,
  );
}

/** The pickles' length is nowhere written: more of the file is read until they are whole. */
async function openLegacy({ handle, fileSize, where }: Checkpoint): Promise<Content> {
  for (let size = 2 ** 20; ; size *= 4) {
    const length = Math.min(size, fileSize);
    const prefix = new Uint8Array(await readRange(handle, 0, length, where));
    try {
      const { value, storageOffsets } = parseTorchLegacy(prefix, fileSize, where);
      return { value, storageOffset: (key) => storageOffsets.get(key) ?? 0 };
    } catch (cause) {
      if (!(cause instanceof PickleCutShort) || length === fileSize) throw cause;
      if (size >= largestPickle) throw tooLarge('pickle', where);
    }
  }
}

function tooLarge(what: string, where: string): FormatError {
  return new FormatError(
    'CHECKPOINT_TOO_LARGE',
    `${where}: its ${what} has more than ${largestPickle} bytes; this is no checkpoint of a Stable Diffusion model`,
  );
}
