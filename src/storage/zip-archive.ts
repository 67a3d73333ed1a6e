/** @file Writes zip archives (APPNOTE 6.3) whose files are stored as they are: numbers of adapters do not get smaller. */
import { joinedBytes } from '../base/bytes.ts';
import { ConfigError } from '../base/errors.ts';
import { crc32 } from '../platform/hashes.ts';

/** A file on its way into an archive. */
interface Stored {
  readonly name: Uint8Array<ArrayBuffer>;
  readonly content: Uint8Array;
  readonly checksum: number;
  /** First byte of its local header. */
  readonly offset: number;
}

const localSignature = 0x04034b50;
const entrySignature = 0x02014b50;
const endSignature = 0x06054b50;
/** 2.0, which knows folders. */
const version = 20;
/** Names are UTF-8. */
const flags = 1 << 11;
/** 1 January 1980, the first day that the format knows: the same files make the same bytes. */
const date = (1 << 5) | 1;
const localSize = 30;
const entrySize = 46;
const endSize = 22;
/** From here on sizes take the format's 64-bit extension. */
const largest = 2 ** 32 - 1;

/**
 * The bytes of an archive.
 *
 * @param files by name, with forward slashes between folders
 * @throws ConfigError ARCHIVE_LARGE from 4 GiB on
 */
export function zipArchive(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const stored: Stored[] = [];
  let offset = 0;
  for (const [path, content] of files) {
    const name = new TextEncoder().encode(path);
    stored.push({ name, content, checksum: crc32(content), offset });
    offset += localSize + name.byteLength + content.byteLength;
  }
  const directory = joinedBytes(stored.map(directoryEntry));
  if (offset + directory.byteLength > largest) throw tooLarge();
  return joinedBytes([
    ...stored.flatMap((file) => [localHeader(file), file.content]),
    directory,
    endRecord(stored.length, directory.byteLength, offset),
  ]);
}

function localHeader({ name, content, checksum }: Stored): Uint8Array {
  const view = new DataView(new ArrayBuffer(localSize));
  view.setUint32(0, localSignature, true);
  describe(view, 4, { checksum, size: content.byteLength, name: name.byteLength });
  return joinedBytes([new Uint8Array(view.buffer), name]);
}

function directoryEntry({ name, content, checksum, offset }: Stored): Uint8Array {
  const view = new DataView(new ArrayBuffer(entrySize));
  view.setUint32(0, entrySignature, true);
  view.setUint16(4, version, true);
  describe(view, 6, { checksum, size: content.byteLength, name: name.byteLength });
  view.setUint32(42, offset, true);
  return joinedBytes([new Uint8Array(view.buffer), name]);
}

/** What both headers of a file say of it, in the same order. */
function describe(
  view: DataView,
  start: number,
  { checksum, size, name }: Readonly<Record<'checksum' | 'size' | 'name', number>>,
): void {
  view.setUint16(start, version, true);
  view.setUint16(start + 2, flags, true);
  view.setUint16(start + 8, date, true);
  view.setUint32(start + 10, checksum, true);
  view.setUint32(start + 14, size, true);
  view.setUint32(start + 18, size, true);
  view.setUint16(start + 22, name, true);
}

function endRecord(count: number, directorySize: number, offset: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(endSize));
  view.setUint32(0, endSignature, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, directorySize, true);
  view.setUint32(16, offset, true);
  return new Uint8Array(view.buffer);
}

function tooLarge(): ConfigError {
  return new ConfigError(
    'ARCHIVE_LARGE',
    'the files are larger than 4 GiB together, which one archive does not hold; make a smaller form of it',
  );
}
