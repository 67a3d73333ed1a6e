/** @file The cache that all libraries of the hub share: refs, blobs and snapshots (Hugging Face documentation, "Hub Local Cache"). */
import {
  copyFile,
  link,
  readFile,
  rename,
  rm,
  shareSpace,
  stat,
  symlink,
} from '../../platform/files.ts';
import { dirname, join, relative } from '../../platform/paths.ts';
import { fileError, systemCodeOf } from '../file-errors.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { createFolder } from '../files/folders.ts';
import { pathInside } from '../files/path-inside.ts';
import { sweepBeside, temporaryBeside } from '../files/temporary.ts';
import { isCommit } from './hub-name.ts';
import type { RepositoryKind } from './repository-kind.ts';

/** Paths of one repository's files. */
export interface RepositoryCache {
  readonly folder: string;
  readonly snapshot: (commit: string) => string;
  /** Content by its name (blobName). */
  readonly blob: (name: string) => string;
  /** Content that is still arriving. A name of our own: others lock theirs in ways that Node cannot (flock). */
  readonly partial: (name: string) => string;
  readonly lock: (name: string) => string;
  readonly ref: (revision: string) => string;
}

/** The paths of a repository such as `owner/name`. */
export function repositoryCache(
  cache: string,
  kind: RepositoryKind,
  repository: string,
): RepositoryCache {
  const own = `${kind.plural}--${repository.replaceAll('/', '--')}`;
  const folder = join(cache, own);
  const blobs = join(folder, 'blobs');
  const inBlobs = (name: string) => pathInside(blobs, name, repository);
  return {
    folder,
    snapshot: (commit) => join(folder, 'snapshots', commit),
    blob: inBlobs,
    partial: (name) => inBlobs(`${name}.krona.incomplete`),
    lock: (name) => pathInside(join(cache, '.locks', own), `${name}.krona.lock`, repository),
    ref: (revision) => pathInside(join(folder, 'refs'), revision, repository),
  };
}

/** The commit that a revision stood for when it was last seen; undefined where it never was. */
export async function readRef(
  cache: RepositoryCache,
  revision: string,
): Promise<string | undefined> {
  if (isCommit(revision)) return revision;
  try {
    const commit = (await readFile(cache.ref(revision), 'utf8')).trim();
    return isCommit(commit) ? commit : undefined;
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(systemCodeOf(cause))) return undefined;
    throw fileError('read', cache.ref(revision), cause);
  }
}

/** Remembers what commit a branch or tag stands for. */
export async function writeRef(
  cache: RepositoryCache,
  revision: string,
  commit: string,
): Promise<void> {
  // An unchanged ref is not written: the cache may be one that is only read.
  if ((await readRef(cache, revision)) === commit) return;
  const path = cache.ref(revision);
  await createFolder(dirname(path));
  await writeFileAtomic(path, commit);
}

/** Bytes of a file, through links; undefined where there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemCodeOf(cause))) return undefined;
    throw fileError('read', path, cause);
  }
}

/**
 * Puts a blob into a snapshot under its path: a relative link, or where the system has none a hard link, or a copy.
 *
 * @param options.symlinks false: no symbolic links
 */
export async function placeBlob(
  blob: string,
  path: string,
  { symlinks }: { readonly symlinks: boolean },
): Promise<void> {
  await createFolder(dirname(path));
  // A link cannot be made over an old one; a rename replaces it with no moment in between.
  const temporary = temporaryBeside(path);
  try {
    if (!(symlinks && (await isDone(symlink(relative(dirname(path), blob), temporary))))) {
      if (!(await isDone(link(blob, temporary)))) {
        await copyFile(blob, temporary, shareSpace);
      }
    }
    await sweepBeside(temporary);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw fileError('write', path, cause);
  }
}

/** Codes by which systems say that they have no such links. */
const unsupported = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'UNKNOWN', 'EMLINK'];

async function isDone(linking: Promise<void>): Promise<boolean> {
  try {
    await linking;
    return true;
  } catch (cause) {
    if (unsupported.includes(systemCodeOf(cause))) return false;
    throw cause;
  }
}
