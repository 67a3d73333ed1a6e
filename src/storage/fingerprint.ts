/** @file Tells whether a large file is still the one it was, without reading all of it. */
import { open } from '../platform/files.ts';
import { createHash } from '../platform/hashes.ts';
import { fileError } from './file-errors.ts';

const sampleBytes = 2 ** 20;

/** SHA-256 of a file's size, its first and its last mebibyte: weights of a retrained model differ everywhere. */
export async function fileFingerprint(path: string): Promise<string> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const hash = createHash('sha256').update(String(size));
      for (const position of [0, Math.max(0, size - sampleBytes)]) {
        const block = new Uint8Array(Math.min(sampleBytes, size));
        await handle.read(block, 0, block.length, position);
        hash.update(block);
      }
      return hash.digest('hex').slice(0, 32);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw fileError('read', path, cause);
  }
}
