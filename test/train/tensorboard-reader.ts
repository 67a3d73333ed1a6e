/** @file A small reader of TensorBoard's event files that shares nothing with the writer; checksums bit by bit. */
import { fieldsOf } from './protobuf-reader.ts';

export interface ReadEvent {
  seconds: number;
  step: number;
  version?: string;
  sessionStart?: boolean;
  values: Record<string, number>;
}

/** All events of a file; fails on a wrong checksum or a cut record. */
export function readEvents(file: Buffer): ReadEvent[] {
  const events: ReadEvent[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    requireChecksum(file.subarray(at, at + 8), file.readUInt32LE(at + 8));
    requireChecksum(data, file.readUInt32LE(at + 12 + length));
    events.push(readEvent(data));
    at += 16 + length;
  }
  return events;
}

function requireChecksum(bytes: Buffer, masked: number): void {
  const rotated = (masked - 0xa282ead8) >>> 0;
  const stored = ((rotated >>> 17) | (rotated << 15)) >>> 0;
  let computed = 0xffffffff;
  for (const byte of bytes) {
    computed ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      computed = computed & 1 ? (computed >>> 1) ^ 0x82f63b78 : computed >>> 1;
    }
  }
  if (~computed >>> 0 !== stored) throw new Error('a checksum is wrong');
}

function readEvent(bytes: Buffer): ReadEvent {
  const event: ReadEvent = { seconds: 0, step: 0, values: {} };
  for (const [field, value] of fieldsOf(bytes)) {
    if (field === 1 && Buffer.isBuffer(value)) event.seconds = value.readDoubleLE();
    if (field === 2 && typeof value === 'number') event.step = value;
    if (field === 3 && Buffer.isBuffer(value)) event.version = value.toString();
    if (field === 5 && Buffer.isBuffer(value)) {
      for (const [, summary] of fieldsOf(value)) {
        if (!Buffer.isBuffer(summary)) continue;
        const parts = new Map(fieldsOf(summary));
        event.values[String(parts.get(1))] = (parts.get(2) as Buffer).readFloatLE();
      }
    }
    if (field === 7 && Buffer.isBuffer(value)) {
      event.sessionStart = fieldsOf(value).some(([key, status]) => key === 1 && status === 1);
    }
  }
  return event;
}
