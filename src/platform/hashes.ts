/** @file Hashes, and random bytes that nobody guesses. */
export { createHash, randomBytes } from 'node:crypto';
