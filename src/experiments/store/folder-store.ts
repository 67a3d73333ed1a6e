/** @file Results in a folder: on this machine, or on a disk that several machines share. */
import { SystemError } from '../../base/errors.ts';
import { dirname, join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { filesUnder } from '../../storage/files/files-under.ts';
import { createFolder } from '../../storage/files/folders.ts';
import { pathInside } from '../../storage/files/path-inside.ts';
import type { ResultStore } from './result-store.ts';
import { requireName, requirePrefix } from './store-name.ts';

/** A store in a folder, which is made with the first result. Its methods throw what files may throw. */
export function folderStore(folder: string): ResultStore {
  const pathOf = (name: string): string => {
    requireName(name);
    return pathInside(folder, name, 'store');
  };
  return {
    name: folder,
    async read(name) {
      try {
        return await readBytes(pathOf(name));
      } catch (error) {
        if (error instanceof SystemError && error.code === 'FILE_NOT_FOUND') return undefined;
        throw error;
      }
    },
    async write(name, content) {
      const path = pathOf(name);
      await createFolder(dirname(path));
      await writeFileAtomic(path, content);
    },
    async list(prefix) {
      requirePrefix(prefix);
      const paths = await filesUnder(join(folder, ...prefix.split('/')));
      return paths.map((path) => `${prefix}${path}`);
    },
  };
}
