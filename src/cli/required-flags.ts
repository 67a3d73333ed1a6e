/** @file Flags that a command needs: all that lack are named at once. */
import type { Command } from 'commander';
import { ConfigError } from '../base/errors.ts';

/**
 * Makes a command and those below it name every mandatory flag that lacks, not the first alone.
 *
 * The command then throws ConfigError FLAG_MISSING before its action.
 */
export function requireAllFlags(command: Command): void {
  const needed = command.options.filter((option) => option.mandatory);
  for (const option of needed) option.makeOptionMandatory(false);
  command.hook('preAction', (_, acting) => {
    if (acting !== command) return;
    const missing = needed.filter(
      (option) => command.getOptionValue(option.attributeName()) === undefined,
    );
    if (missing.length === 0) return;
    const list = missing.map(({ long, description }) => `${long} (${description})`).join(', ');
    throw new ConfigError('FLAG_MISSING', `missing: ${list}`);
  });
  for (const each of command.commands) requireAllFlags(each);
}
