/** @file Reads a JSON file; what it should hold is checked by the caller's schema. */
import { FormatError, SystemError } from '../../base/errors.ts';
import { describeMistakenFile } from '../../formats/mistaken-file.ts';
import { parsePythonJson } from '../../formats/python-json.ts';
import { decodeText } from '../../formats/text.ts';
import { fileError } from '../file-errors.ts';
import { readRegularFile } from '../regular-file.ts';

/**
 * The value of a JSON file, also as Python writes it: a number may be NaN or infinite, where the schema allows it.
 *
 * @param what what the file is to the user, for messages: `UNet configuration`
 * @throws SystemError where it cannot be read
 * @throws FormatError where it is not JSON, or in another encoding than decodeText() reads
 */
export async function readJson(path: string, what: string): Promise<unknown> {
  let bytes: Uint8Array;
  try {
    bytes = await readRegularFile(path);
  } catch (cause) {
    throw fileError('read', `${what} ${path}`, cause);
  }
  const text = textOf(bytes, `${what} ${path}`);
  try {
    return parsePythonJson(text);
  } catch (cause) {
    throw new FormatError('JSON_INVALID', `${what} ${path}: ${defect(text, bytes, cause)}`, {
      cause,
    });
  }
}

/** The value of a JSON file, or undefined where there is no such file; other failures as readJson. */
export async function readJsonIfPresent(path: string, what: string): Promise<unknown> {
  try {
    return await readJson(path, what);
  } catch (error) {
    if (error instanceof SystemError && error.code === 'FILE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Other formats are not texts at all: what they are says more than their encoding. */
function textOf(bytes: Uint8Array, where: string): string {
  try {
    return decodeText(bytes, where);
  } catch (cause) {
    const meaning = otherFormat(bytes);
    if (meaning === undefined) throw cause;
    throw new FormatError('JSON_INVALID', `${where}: expected JSON, found ${meaning}`, { cause });
  }
}

/** What a file is that does not begin as JSON does. */
function otherFormat(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 16)).trimStart();
  return start.startsWith('{') ? undefined : describeMistakenFile(bytes);
}

function defect(text: string, bytes: Uint8Array, cause: unknown): string {
  if (text.trim() === '') return 'expected JSON, found an empty file';
  const meaning = otherFormat(bytes);
  if (meaning !== undefined) return `expected JSON, found ${meaning}`;
  return `expected JSON, found text that does not parse (${cause instanceof Error ? cause.message : cause}); mend it or restore the file`;
}
