/** @file Files for as long as something reads them: what is there as bytes, for what takes paths. */
import { mkdtemp, writeFile } from '../../platform/files.ts';
import { tmpdir } from '../../platform/machine.ts';
import { join } from '../../platform/paths.ts';
import { fileError } from '../file-errors.ts';
import { removeFolder } from './folders.ts';

/** Gives `work` a folder with these files, which is gone afterwards. */
export async function withTemporaryFiles<Result>(
  files: ReadonlyMap<string, Uint8Array>,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await temporaryFolder();
  try {
    for (const [name, bytes] of files) await write(join(folder, name), bytes);
    return await work(folder);
  } finally {
    await removeFolder(folder);
  }
}

async function temporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), 'krona-'));
  } catch (cause) {
    throw fileError('write', tmpdir(), cause);
  }
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes);
  } catch (cause) {
    throw fileError('write', path, cause);
  }
}
