/** @file Whole files are read where there is an end to them: a pipe may wait for ever, a device never ends. */
import { SystemError } from '../base/errors.ts';
import { readFile, stat } from '../platform/files.ts';

/** What a shell gives for the output of a command: `<(command)`. */
const handed = /^\/(dev\/stdin|dev\/fd\/\d+|proc\/self\/fd\/\d+)$/;

/**
 * Refuses pipes, devices and sockets, links followed; folders are left to whoever opens them.
 *
 * @throws SystemError NOT_A_FILE, or the system's own error where nothing is there
 */
export async function requireRegularFile(path: string): Promise<void> {
  const found = await stat(path);
  if (found.isFile() || found.isDirectory() || handed.test(path)) return;
  throw new SystemError(
    'NOT_A_FILE',
    `${path} is neither a file nor a folder (a pipe, a device or a socket); give a file`,
  );
}

/**
 * The bytes of a whole file.
 *
 * @throws SystemError NOT_A_FILE, or the system's own error
 */
export async function readRegularFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  await requireRegularFile(path);
  return new Uint8Array(await readFile(path));
}
