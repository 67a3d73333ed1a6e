/** @file The directory of a zip archive (APPNOTE 6.3), with its 64-bit extension: which file lies where. */
import { FormatError } from '../../base/errors.ts';

/** One file of an archive. */
export interface ZipEntry {
  readonly name: string;
  /** 0: stored as it is; any other: compressed. */
  readonly method: number;
  readonly encrypted: boolean;
  /** Bytes in the archive. */
  readonly byteLength: number;
  /** First byte of the local header, which stands before the file's bytes. */
  readonly headerOffset: number;
}

/** Where the list of all files lies. */
export interface ZipDirectory {
  readonly offset: number;
  readonly byteLength: number;
  readonly count: number;
}

/** The end of a zip file that surely holds what findZipDirectory needs: its end record, comment and 64-bit records. */
export const zipTailSize = 0xffff + 22 + 20 + 56;

/** Size of a local header without its name and extra fields. */
export const zipLocalHeaderSize = 30;

const endSignature = 0x06054b50;
const locator64Signature = 0x07064b50;
const end64Signature = 0x06064b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const extra64 = 0x0001;
const text = new TextDecoder();
const endSize = 22;
const entrySize = 46;
/** Stands in a 32-bit field whose value is in the 64-bit extension. */
const elsewhere = 0xffffffff;

/**
 * Finds the directory.
 *
 * @param tail the last bytes of the file, zipTailSize of them or all
 * @throws FormatError ZIP_DAMAGED where there is none, as in a file cut short
 */
export function findZipDirectory(tail: Uint8Array, fileSize: number, where: string): ZipDirectory {
  const view = viewOf(tail);
  let end = tail.byteLength - endSize;
  while (end >= 0 && view.getUint32(end, true) !== endSignature) end--;
  if (end < 0) throw damaged(where, 'it has no end record');
  const tailStart = fileSize - tail.byteLength;
  const directory = directory64(view, end, tailStart, where) ?? {
    count: view.getUint16(end + 10, true),
    byteLength: view.getUint32(end + 12, true),
    offset: view.getUint32(end + 16, true),
  };
  if (directory.offset + directory.byteLength > tailStart + end) {
    throw damaged(where, 'its directory does not lie in the file');
  }
  return directory;
}

function directory64(
  view: DataView,
  end: number,
  tailStart: number,
  where: string,
): ZipDirectory | undefined {
  const locator = end - 20;
  if (locator < 0 || view.getUint32(locator, true) !== locator64Signature) return undefined;
  const record = Number(view.getBigUint64(locator + 8, true)) - tailStart;
  if (record < 0 || record + 56 > locator || view.getUint32(record, true) !== end64Signature) {
    throw damaged(where, 'its 64-bit end record is not where it should be');
  }
  return {
    count: Number(view.getBigUint64(record + 32, true)),
    byteLength: Number(view.getBigUint64(record + 40, true)),
    offset: Number(view.getBigUint64(record + 48, true)),
  };
}

/**
 * All files of an archive by name.
 *
 * @param bytes the directory's bytes
 * @throws FormatError ZIP_DAMAGED where they are not a directory of `count` entries with different names
 */
export function parseZipDirectory(
  bytes: Uint8Array,
  count: number,
  where: string,
): ReadonlyMap<string, ZipEntry> {
  const view = viewOf(bytes);
  const entries = new Map<string, ZipEntry>();
  let position = 0;
  while (position < bytes.byteLength) {
    if (
      position + entrySize > bytes.byteLength ||
      view.getUint32(position, true) !== entrySignature
    ) {
      throw damaged(where, `its directory breaks off at entry ${entries.size}`);
    }
    const nameEnd = position + entrySize + view.getUint16(position + 28, true);
    const extraEnd = nameEnd + view.getUint16(position + 30, true);
    const next = extraEnd + view.getUint16(position + 32, true);
    if (next > bytes.byteLength) throw damaged(where, 'an entry of its directory is too long');
    const name = text.decode(bytes.subarray(position + entrySize, nameEnd));
    if (entries.has(name)) throw damaged(where, `it holds "${name}" twice`);
    const extension = extension64(view, nameEnd, extraEnd);
    // The extension lists only those of its values that did not fit into 32 bits, in this order.
    const wide = (field: number): number => {
      const value = view.getUint32(position + field, true);
      return value === elsewhere ? (extension.shift() ?? value) : value;
    };
    wide(24);
    const byteLength = wide(20);
    entries.set(name, {
      name,
      method: view.getUint16(position + 10, true),
      encrypted: (view.getUint16(position + 8, true) & 1) === 1,
      byteLength,
      headerOffset: wide(42),
    });
    position = next;
  }
  if (entries.size !== count) {
    throw damaged(where, `its directory holds ${entries.size} entries and claims ${count}`);
  }
  return entries;
}

/** The values of the 64-bit extension among an entry's extra fields. */
function extension64(view: DataView, start: number, end: number): number[] {
  let position = start;
  while (position + 4 <= end) {
    const size = view.getUint16(position + 2, true);
    const next = Math.min(end, position + 4 + size);
    if (view.getUint16(position, true) === extra64) {
      const count = Math.floor((next - position - 4) / 8);
      return Array.from({ length: count }, (_, i) =>
        Number(view.getBigUint64(position + 4 + 8 * i, true)),
      );
    }
    position = next;
  }
  return [];
}

/**
 * First byte of a file's content: its local header has a name and extra fields of its own lengths.
 *
 * @param localHeader zipLocalHeaderSize bytes at entry.headerOffset
 * @throws FormatError ZIP_DAMAGED where there is no header, or the content leaves the file
 */
export function zipContentOffset(
  localHeader: Uint8Array,
  entry: ZipEntry,
  { fileSize, where }: { readonly fileSize: number; readonly where: string },
): number {
  const view = viewOf(localHeader);
  if (localHeader.byteLength < zipLocalHeaderSize || view.getUint32(0, true) !== localSignature) {
    throw damaged(where, `"${entry.name}" is not where its directory says`);
  }
  const names = view.getUint16(26, true) + view.getUint16(28, true);
  const offset = entry.headerOffset + zipLocalHeaderSize + names;
  if (!(offset + entry.byteLength <= fileSize)) {
    throw damaged(where, `"${entry.name}" leaves the file`);
  }
  return offset;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function damaged(where: string, found: string): FormatError {
  return new FormatError(
    'ZIP_DAMAGED',
    `${where}: expected a zip archive, as PyTorch writes it, but ${found}; the file is damaged or incomplete, download it again`,
  );
}
