/** @file Files of settings that people write, in YAML or JSON. */
import { isRecord } from '../base/record.ts';
import { readText } from './files/text-file.ts';

/**
 * The settings of a file, unchecked; none of an empty one.
 *
 * @param refuse makes an error of a problem with the file
 * @throws SystemError where it cannot be read; FormatError TEXT_ENCODING; what `refuse` makes
 */
export async function readSettingsFile(
  path: string,
  refuse: (problem: string) => Error,
): Promise<Record<string, unknown>> {
  // Most commands read no such file, and the parser takes long to load.
  const { parseYaml } = await import('../formats/yaml-text.ts');
  const value = parseYaml(await readText(path), (problem) => refuse(`${path}: ${problem}`));
  if (value === null) return {};
  if (isRecord(value)) return value;
  throw refuse(`${path}: expected settings as "name: value" lines or a JSON object`);
}
