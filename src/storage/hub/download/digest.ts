/** @file Checks content against the hub's etag: SHA-256 of large files, Git's object name of small ones. */
import { createHash } from '../../../platform/hashes.ts';

/** Forms of etags that are hashes of the content: SHA-256 of a file in Git LFS, SHA-1 of a blob of Git. */
const sha256 = /^[0-9a-f]{64}$/;
const sha1 = /^[0-9a-f]{40}$/;

/** What decides which content an etag stands for. */
interface Tagged {
  readonly path: string;
  readonly etag: string;
  readonly size: number;
}

/**
 * The name of content in the cache: its etag where that is a hash of it, as all libraries of the hub have it. Any other
 * etag promises nothing, and another file may bear it too: then path and size are part of the name.
 */
export function blobName({ path, etag, size }: Tagged): string {
  if (sha256.test(etag) || sha1.test(etag)) return etag;
  const named = createHash('sha256').update(JSON.stringify([path, etag, size]));
  return `krona-${named.digest('hex')}`;
}

/** Takes the bytes of a file in order and tells whether they are the ones meant. */
export interface ContentCheck {
  update(bytes: Uint8Array): void;
  /** Once, at the end. */
  matches(): boolean;
}

/**
 * A check for an etag: 64 hexadecimal digits are the SHA-256 of a file in Git LFS, 40 a Git blob, SHA-1 of
 * `blob <size>\0` and the content (Git's documentation, gitformat-pack); mirrors send the content's own SHA-1.
 * Another etag promises nothing about the content.
 */
export function checkOf(etag: string, size: number): ContentCheck {
  const hashes = sha256.test(etag)
    ? [createHash('sha256')]
    : sha1.test(etag)
      ? [createHash('sha1').update(`blob ${size}\0`), createHash('sha1')]
      : [];
  return {
    update(bytes) {
      for (const hash of hashes) hash.update(bytes);
    },
    matches() {
      return hashes.length === 0 || hashes.some((hash) => hash.digest('hex') === etag);
    },
  };
}

/** Whether an etag says that a file is these bytes. */
export function isEtagOf(etag: string, bytes: Uint8Array): boolean {
  if (!sha256.test(etag) && !sha1.test(etag)) return false;
  const check = checkOf(etag, bytes.byteLength);
  check.update(bytes);
  return check.matches();
}
