/** @file JSON Lines files that only grow; a line counts once its line break is written. */
import { type FileHandle, open } from 'node:fs/promises';
import { FormatError } from '../base/errors.ts';
import { decodeText } from '../formats/text.ts';
import { readBytes } from './binary-file.ts';
import { fileError } from './file-errors.ts';

const lineBreak = 0x0a;

/**
 * Appends one value as a line, removing first what a killed writer left of an unfinished one.
 *
 * @throws SystemError where the file cannot be written
 */
export async function appendLine(path: string, value: unknown): Promise<void> {
  try {
    const handle = await open(path, 'a+');
    try {
      await removeTornLine(handle);
      await handle.appendFile(`${JSON.stringify(value)}\n`);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw fileError('write', path, cause);
  }
}

/**
 * The values of a JSON Lines file; an unfinished last line is left out.
 *
 * @throws SystemError where the file cannot be read
 * @throws FormatError where a finished line is not JSON, or no text
 */
export async function readLines(path: string): Promise<unknown[]> {
  const bytes = await readBytes(path);
  const text = decodeText(bytes.subarray(0, bytes.lastIndexOf(lineBreak) + 1), path);
  const finished = text.split('\n');
  const values: unknown[] = [];
  for (const [index, line] of finished.entries()) {
    if (line.trim() === '') continue;
    try {
      values.push(JSON.parse(line));
    } catch (cause) {
      throw new FormatError(
        'JSON_LINES_INVALID',
        `${path}:${index + 1}: expected one JSON value on the line, found text that does not parse; mend or remove the line`,
        { cause },
      );
    }
  }
  return values;
}

async function removeTornLine(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  if (size === 0) return;
  const last = new Uint8Array(1);
  await handle.read(last, 0, 1, size - 1);
  if (last[0] === lineBreak) return;
  const content = new Uint8Array(size);
  await handle.read(content, 0, size, 0);
  await handle.truncate(content.lastIndexOf(lineBreak) + 1);
}
