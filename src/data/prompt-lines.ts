/** @file Files of prompts: one a line. */
import { DataError } from '../base/errors.ts';
import { readText } from '../storage/files/text-file.ts';

/**
 * The prompts of a text file, one a line; empty lines and those that begin with # are left out.
 *
 * @throws SystemError where it cannot be read; FormatError TEXT_ENCODING where it is not UTF-8
 * @throws DataError PROMPTS_FILE where there is none
 */
export async function readPromptLines(path: string): Promise<readonly string[]> {
  return promptLines(await readText(path), path);
}

/** The same of a text that was read already. */
export function promptLines(text: string, path: string): readonly string[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length > 0) return lines;
  throw new DataError('PROMPTS_FILE', `${path} holds no prompt; write one a line`);
}
