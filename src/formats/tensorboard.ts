/** @file TensorBoard's event files: TFRecords of Event messages (tensorflow/core/util/event.proto, summary.proto). */
import { maskedCrc32c } from './crc.ts';
import { MessageWriter } from './protobuf.ts';

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
  const version = new MessageWriter();
  version.double(1, seconds);
  version.text(3, 'brain.Event:2');
  const session = new MessageWriter();
  session.double(1, seconds);
  session.integer(2, step);
  session.message(7, () => session.integer(1, sessionStart));
  return Uint8Array.from([...record(version.finish()), ...record(session.finish())]);
}

/** A record with one scalar summary a tag. */
export function encodeScalars({ step, seconds, values }: Scalars): Uint8Array<ArrayBuffer> {
  const event = new MessageWriter();
  event.double(1, seconds);
  event.integer(2, step);
  event.message(5, () => {
    for (const [tag, value] of Object.entries(values)) {
      event.message(1, () => {
        event.text(1, tag);
        event.float(2, value);
      });
    }
  });
  return record(event.finish());
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
