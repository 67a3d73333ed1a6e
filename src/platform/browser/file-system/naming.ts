/** @file Folders of a page and the places of files in them: what changes names and no content. */
import type { FileSystem } from '../../file-system.ts';
import { dirname, resolve } from '../paths.ts';
import { removeContents } from './contents.ts';
import { FileSystemError } from './file-system-error.ts';
import { isGivenPlace } from './given-files.ts';
import {
  type Named,
  type Names,
  newName,
  requireFolder,
  withNames,
  withoutNames,
} from './names.ts';

export const mkdir: FileSystem['mkdir'] = async (given, { recursive }) => {
  const path = resolve(given);
  if (isGivenPlace(path)) throw new FileSystemError('EROFS', path);
  return await withNames('readwrite', async (names) => {
    const missing: string[] = [];
    for (let at = path; (await names.find(at)) === undefined; at = dirname(at)) missing.push(at);
    const parent = dirname(missing.at(-1) ?? path);
    if (missing.length === 0 && !recursive) throw new FileSystemError('EEXIST', path);
    if (missing.length > 1 && !recursive) throw new FileSystemError('ENOENT', path);
    await requireFolder(names, missing.length === 0 ? path : parent);
    for (const each of missing) await names.put(newName(each, undefined));
    return recursive ? missing.at(-1) : undefined;
  });
};

export const mkdtemp: FileSystem['mkdtemp'] = async (prefix) => {
  const path = resolve(`${prefix}${crypto.randomUUID().slice(0, 8)}`);
  await mkdir(dirname(path), { recursive: true });
  await mkdir(path, { recursive: false });
  return path;
};

export const rename: FileSystem['rename'] = async (givenFrom, givenTo) => {
  const [from, to] = [resolve(givenFrom), resolve(givenTo)];
  const replaced = await withNames('readwrite', async (names) => {
    const moved = await names.get(from);
    await requireFolder(names, dirname(to));
    const old = from === to ? undefined : await names.find(to);
    if (old !== undefined) await requireReplaceable(names, moved, old);
    for (const name of [moved, ...(await names.under(from))]) {
      await names.remove(name.path);
      await names.put({ ...name, path: to + name.path.slice(from.length) });
    }
    return old?.content === undefined ? [] : await withoutNames(names, [old.content]);
  });
  await removeContents(replaced);
};

async function requireReplaceable(names: Names, moved: Named, old: Named): Promise<void> {
  if (old.content !== undefined) {
    if (moved.content === undefined) throw new FileSystemError('ENOTDIR', old.path);
    return;
  }
  if (moved.content !== undefined) throw new FileSystemError('EISDIR', old.path);
  if ((await names.under(old.path)).length > 0) throw new FileSystemError('ENOTEMPTY', old.path);
}

export const rm: FileSystem['rm'] = async (given, { recursive = false, force = false } = {}) => {
  const path = resolve(given);
  if (isGivenPlace(path)) throw new FileSystemError('EROFS', path);
  const freed = await withNames('readwrite', async (names) => {
    const found = force ? await names.find(path) : await names.get(path);
    if (found === undefined) return [];
    if (found.content === undefined && !recursive) throw new FileSystemError('EISDIR', path);
    const all = [found, ...(await names.under(path))];
    for (const each of all) await names.remove(each.path);
    return await withoutNames(names, [...new Set(all.flatMap(({ content }) => content ?? []))]);
  });
  await removeContents(freed);
};

export const unlink: FileSystem['unlink'] = (path) => rm(path);

export const rmdir: FileSystem['rmdir'] = async (given) => {
  const path = resolve(given);
  await withNames('readwrite', async (names) => {
    await requireFolder(names, path);
    if ((await names.under(path)).length > 0) throw new FileSystemError('ENOTEMPTY', path);
    await names.remove(path);
  });
};

/** Both are names of one content from then on. */
export const link: FileSystem['link'] = async (existing, given) => {
  const path = resolve(given);
  await withNames('readwrite', async (names) => {
    const found = await names.get(resolve(existing));
    if (found.content === undefined) throw new FileSystemError('EPERM', existing);
    if ((await names.find(path)) !== undefined) throw new FileSystemError('EEXIST', path);
    await requireFolder(names, dirname(path));
    await names.put({ ...found, path });
  });
};

export const symlink: FileSystem['symlink'] = async (_, path) => {
  throw new FileSystemError('EPERM', path);
};

export const utimes: FileSystem['utimes'] = async (given, _, modified) => {
  await withNames('readwrite', async (names) => {
    await names.put({ ...(await names.get(resolve(given))), modified: modified * 1000 });
  });
};
