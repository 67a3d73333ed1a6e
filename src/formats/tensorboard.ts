/** @file TensorBoard's event files: TFRecords of Event messages (tensorflow/core/util/event.proto, summary.proto). */
import { maskedCrc32c } from './crc32c.ts';
import { double, float, integer, join, message, text } from './protobuf.ts';

/** Numbers of one step, by tag. */
export interface Scalars {
  readonly step: number;
  /** Seconds since 1970. */
  readonly seconds: number;
  readonly values: Readonly<Record<string, number>>;
}

const sessionStart = 1;

/** The first records of a file; viewers drop what earlier files say of `step` and later. */
export function encodeStart({ step, seconds }: Omit<Scalars, 'values'>): Uint8Array<ArrayBuffer> {
  return join([
    record(join([double(1, seconds), text(3, 'brain.Event:2')])),
    record(join([double(1, seconds), integer(2, step), message(7, [integer(1, sessionStart)])])),
  ]);
}

/** A record with one scalar summary a tag. */
export function encodeScalars({ step, seconds, values }: Scalars): Uint8Array<ArrayBuffer> {
  const summaries = Object.entries(values).map(([tag, value]) =>
    message(1, [text(1, tag), float(2, value)]),
  );
  return record(join([double(1, seconds), integer(2, step), message(5, summaries)]));
}

/** TFRecord: length (64 bits), its checksum, the data, theirs. */
function record(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const framed = new Uint8Array(12 + data.length + 4);
  const view = new DataView(framed.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(framed.subarray(0, 8)), true);
  framed.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return framed;
}
