/** @file Hashes, check sums, and random bytes that nobody guesses. */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Hash } from '../hashes.ts';

export { crc32 } from '../../formats/crc.ts';
export type { Hash } from '../hashes.ts';

const algorithms = { sha256, sha1 };

export function createHash(algorithm: 'sha256' | 'sha1'): Hash {
  const state = algorithms[algorithm].create();
  return {
    update(content) {
      state.update(typeof content === 'string' ? new TextEncoder().encode(content) : content);
      return this;
    },
    digest: () => bytesToHex(state.digest()),
  };
}

/** So many random bytes in hexadecimal digits. */
export function randomHex(bytes: number): string {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(bytes)));
}
