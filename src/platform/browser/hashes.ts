/** @file Hashes, check sums, and random bytes that nobody guesses. */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Hash } from '../hashes.ts';

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

/** CRC-32 of ZIP and PNG: the polynomial 0x04C11DB7, bits reversed. */
export function crc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
    }
  }
  return ~remainder >>> 0;
}
