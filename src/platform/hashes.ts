/** @file Hashes, check sums, and random bytes that nobody guesses. */
import * as crypto from 'node:crypto';

export { crc32 } from 'node:zlib';

/** A hash that takes its content piece by piece. */
export interface Hash {
  /** Takes bytes, or a text as UTF-8. */
  update(content: Uint8Array | string): this;
  /** Once, at the end, in hexadecimal digits. */
  digest(encoding: 'hex'): string;
}

export const createHash: (algorithm: 'sha256' | 'sha1') => Hash = crypto.createHash;

/** So many random bytes in hexadecimal digits. */
export function randomHex(bytes: number): string {
  return crypto.randomBytes(bytes).toString('hex');
}
