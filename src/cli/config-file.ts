/** @file Configuration files for --config: YAML or JSON with the settings of a schema, strictly checked. */
import { z } from 'zod';
import { ConfigError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { parseYaml } from '../formats/yaml-text.ts';
import { readText } from '../storage/text-file.ts';
import { expectation, type Field } from './fields.ts';

/**
 * The settings of a configuration file; nothing is filled in.
 *
 * @throws SystemError where the file cannot be read; FormatError TEXT_ENCODING
 * @throws ConfigError CONFIG_FILE naming the line, or the setting and what it may be
 */
export async function readConfigFile(
  path: string,
  fields: readonly Field[],
): Promise<Record<string, unknown>> {
  const settings = parse(path, await readText(path));
  for (const [key, value] of Object.entries(settings)) {
    const field = fields.find((candidate) => candidate.key === key);
    if (field === undefined) {
      const known = fields.map((candidate) => candidate.key);
      throw new ConfigError(
        'CONFIG_FILE',
        `${path}: there is no setting "${key}"${didYouMean(key, known)} (there are ${known.join(', ')})`,
      );
    }
    if (!z.safeParse(field.check, value).success) {
      throw new ConfigError(
        'CONFIG_FILE',
        `${path}: ${key}: expected ${expectation(field.json)}, got ${JSON.stringify(value)} (${field.description})`,
      );
    }
  }
  return settings;
}

/** Every JSON text is YAML too. */
function parse(path: string, text: string): Record<string, unknown> {
  const value = parseYaml(text, (problem) => new ConfigError('CONFIG_FILE', `${path}: ${problem}`));
  if (value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ConfigError(
    'CONFIG_FILE',
    `${path}: expected settings as "name: value" lines or a JSON object`,
  );
}
