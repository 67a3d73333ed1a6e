/** @file Has `toEqual` compare arrays of numbers as memory: value by value, a file of a megabyte takes a second. */
import { expect } from 'vitest';

expect.addEqualityTesters([equalMemory]);

/** True where two arrays of one type hold the same bytes; undefined, which leaves it to `toEqual`, otherwise. */
function equalMemory(a: unknown, b: unknown): boolean | undefined {
  if (!(ArrayBuffer.isView(a) && ArrayBuffer.isView(b))) return undefined;
  if (a.constructor !== b.constructor) return undefined;
  const same = bytesOf(a).equals(bytesOf(b));
  // Of bytes, other ones are other values; of floats, bytes may differ where values do not.
  return same || (a instanceof Uint8Array ? false : undefined);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
