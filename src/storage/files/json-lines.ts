/** @file JSON Lines files that only grow; a line counts once its line break is written. */
import type * as z from 'zod';
import { FormatError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { decodeText } from '../../formats/text.ts';
import { type FileHandle, open } from '../../platform/files.ts';
import { fileError } from '../file-errors.ts';
import { readBytes } from './binary-file.ts';

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
 * @param schema what each value has to be
 * @throws SystemError where the file cannot be read
 * @throws FormatError JSON_LINES_INVALID naming the finished line that is not JSON or no such value; TEXT_ENCODING
 */
export async function readLines<T>(path: string, schema: z.ZodType<T>): Promise<T[]> {
  const bytes = await readBytes(path);
  const text = decodeText(bytes.subarray(0, bytes.lastIndexOf(lineBreak) + 1), path);
  const values: T[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() !== '') values.push(lineValue(line, schema, `${path}:${index + 1}`));
  }
  return values;
}

function lineValue<T>(line: string, schema: z.ZodType<T>, where: string): T {
  const advice = 'mend or remove the line';
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new FormatError(
      'JSON_LINES_INVALID',
      `${where}: expected one JSON value on the line, found text that does not parse; ${advice}`,
      { cause },
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problem = schemaProblems(schema, value, parsed.error);
  throw new FormatError('JSON_LINES_INVALID', `${where}: ${problem}\n${advice}`);
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
