/** @file Settings of a command: those of a --config file, overridden by those of its flags. */
import { type Command, Option } from 'commander';
import { ConfigError } from '../../base/errors.ts';
import { readConfigFile } from './config-file.ts';
import type { Field } from './fields.ts';
import { addFlags, readFlags } from './flags.ts';

/** Adds a flag for every setting, and --config for a file of them; `group` is their heading in the help. */
export function addSettings(command: Command, fields: readonly Field[], group: string): void {
  addFlags(command, fields, group);
  command.addOption(
    new Option(
      '--config <file>',
      'YAML or JSON file with settings, which flags override; named as in run.json: learningRate; relative paths in it lead from its folder',
    ).helpGroup(group),
  );
}

/**
 * The settings that the user gave, each checked; nothing is filled in, because the base model may recommend a value.
 *
 * @throws ConfigError naming the flag, or the setting of the file
 */
export async function givenSettings(
  command: Command,
  fields: readonly Field[],
): Promise<Record<string, unknown>> {
  const { config } = command.opts<{ readonly config?: string }>();
  const ofFile = config === undefined ? {} : await readConfigFile(config, fields);
  return { ...ofFile, ...readFlags(fields, command) };
}

/**
 * Refuses settings that lack one without which there is nothing to do.
 *
 * @throws ConfigError FLAG_MISSING naming all that lack
 */
export function requireSettings(
  settings: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
  required: readonly string[],
): void {
  const missing = fields.filter(({ key }) => required.includes(key) && settings[key] === undefined);
  if (missing.length === 0) return;
  const list = missing.map(({ flag, description }) => `${flag} (${description})`).join(', ');
  throw new ConfigError('FLAG_MISSING', `missing: ${list}`);
}
