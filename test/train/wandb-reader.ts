/** @file A small reader of the files of Weights & Biases that shares nothing with the writer; checksums bit by bit. */
import { fieldsOf } from './protobuf-reader.ts';

/** What the records of a file say, by their kind. */
export interface ReadRun {
  run: { id: string; name: string; config: Record<string, unknown>; start: number };
  history: Record<string, unknown>[];
  summary: Record<string, unknown>;
  files: string[];
  exit: { code: number; runtime: number } | undefined;
}

/** The records of a file; fails on a wrong checksum or a cut record. */
export function readRecords(file: Buffer): Buffer[] {
  if (file.subarray(0, 7).toString('latin1') !== ':W&B\xe1\xbe\0') throw new Error('no log');
  const records: Buffer[] = [];
  let pieces: Buffer[] = [];
  for (let at = 7; at < file.length; ) {
    const room = 32768 - (at % 32768);
    if (room < 7) {
      at += room;
      continue;
    }
    const end = at + 7 + file.readUInt16LE(at + 4);
    if (end > file.length) throw new Error('a record is cut');
    if (checksum(file.subarray(at + 6, end)) !== file.readUInt32LE(at)) {
      throw new Error('a checksum is wrong');
    }
    pieces.push(file.subarray(at + 7, end));
    const kind = file.readUInt8(at + 6); // 1 whole, 2 first, 3 middle, 4 last
    if (kind === 1 || kind === 4) {
      records.push(Buffer.concat(pieces));
      pieces = [];
    }
    at = end;
  }
  return records;
}

/** What a file says of a run. */
export function readRun(file: Buffer): ReadRun {
  const read: ReadRun = {
    run: { id: '', name: '', config: {}, start: 0 },
    ...{ history: [], summary: {}, files: [], exit: undefined },
  };
  for (const record of readRecords(file)) {
    for (const [field, value] of fieldsOf(record)) {
      if (typeof value !== 'number') readMessage(read, field, value);
    }
  }
  return read;
}

function readMessage(read: ReadRun, field: number, message: Buffer): void {
  const parts = new Map(fieldsOf(message));
  const bytes = (key: number) => (parts.get(key) ?? Buffer.alloc(0)) as Buffer;
  if (field === 17) {
    const [seconds, nanoseconds] = [1, 2].map((key) => new Map(fieldsOf(bytes(17))).get(key));
    read.run = {
      ...{ id: bytes(1).toString(), name: bytes(8).toString(), config: itemsOf(bytes(4)) },
      start: Number(seconds) * 1000 + Number(nanoseconds ?? 0) / 1e6,
    };
  }
  if (field === 2) read.history.push(itemsOf(message));
  if (field === 3) Object.assign(read.summary, itemsOf(message));
  if (field === 6) {
    for (const [, file] of fieldsOf(message)) {
      if (typeof file !== 'number') read.files.push(String(new Map(fieldsOf(file)).get(1)));
    }
  }
  if (field === 18) {
    read.exit = { code: Number(parts.get(1) ?? 0), runtime: Number(parts.get(2) ?? 0) };
  }
}

/** Values by name; the client writes those of an object one by one, under the names that lead to each. */
function itemsOf(message: Buffer): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [number, item] of fieldsOf(message)) {
    if (number !== 1 || typeof item === 'number') continue;
    const parts = fieldsOf(item);
    const names = parts
      .filter(([part]) => part === 1 || part === 2)
      .map(([, name]) => String(name));
    const value = JSON.parse(String(new Map(parts).get(16)));
    const last = names.pop() ?? '';
    let inside = values;
    for (const name of names) {
      inside[name] ??= {};
      inside = inside[name] as Record<string, unknown>;
    }
    inside[last] = value;
  }
  return values;
}

function checksum(bytes: Buffer): number {
  let computed = 0xffffffff;
  for (const byte of bytes) {
    computed ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      computed = computed & 1 ? (computed >>> 1) ^ 0xedb88320 : computed >>> 1;
    }
  }
  return ~computed >>> 0;
}
