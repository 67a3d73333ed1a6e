/** @file Hashes, check sums, and random bytes that nobody guesses. */
export { createHash, randomBytes } from 'node:crypto';
export { crc32 } from 'node:zlib';
