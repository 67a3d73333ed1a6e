/** @file Captions in the `metadata.jsonl` of a folder, as data sets of the Hugging Face hub have them. */
import * as z from 'zod';
import { FormatError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { parseJson } from '../../formats/parse-json.ts';
import { join } from '../../platform/paths.ts';
import { readTextIfPresent } from '../../storage/files/text-file.ts';

export const metadataFile = 'metadata.jsonl';

const line = z.looseObject({
  file_name: z.string().min(1),
  text: z.string().trim().min(1),
});

/**
 * The text of each file that a folder's `metadata.jsonl` names, by its path there with forward slashes; undefined where there
 * is no such file.
 *
 * @throws FormatError METADATA_INVALID naming the line; TEXT_ENCODING
 */
export async function metadataCaptions(
  folder: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  const path = join(folder, metadataFile);
  const text = await readTextIfPresent(path);
  if (text === undefined) return undefined;
  const captions = new Map<string, string>();
  for (const [index, written] of text.split('\n').entries()) {
    if (written.trim() === '') continue;
    const value = parseJson(written);
    const parsed = line.safeParse(value);
    const where = `${path}:${index + 1}`;
    if (value === undefined) throw invalid(where, 'the line is no JSON');
    if (!parsed.success) throw invalid(where, schemaProblems(line, value, parsed.error));
    const name = parsed.data.file_name.replace(/^\.\//, '');
    if (captions.has(name)) throw invalid(where, `"${name}" has a line already`);
    captions.set(name, parsed.data.text);
  }
  return captions;
}

function invalid(where: string, problem: string): FormatError {
  return new FormatError(
    'METADATA_INVALID',
    `${where}: expected {"file_name": "dog1.jpg", "text": "its caption"}: ${problem}; mend or remove the line`,
  );
}
