/** @file Arguments and flags that a command needs: all that lack are named at once. */
import type { Command } from 'commander';
import { ConfigError } from '../../base/errors.ts';

/**
 * Makes a command and those below it name every argument and mandatory flag that lacks, not the first alone.
 *
 * The command then throws ConfigError USAGE where only arguments lack, else FLAG_MISSING, before its action.
 */
export function requireAllFlags(command: Command): void {
  const flags = command.options.filter((option) => option.mandatory);
  for (const option of flags) option.makeOptionMandatory(false);
  const needed = command.registeredArguments.filter((argument) => argument.required);
  // The help goes on saying that they are needed.
  command.usage(command.usage());
  for (const argument of needed) argument.argOptional();
  command.hook('preAction', (_, acting) => {
    if (acting !== command) return;
    const words = needed
      .slice(command.args.length)
      .map((each) => described(`<${each.name()}>`, each));
    const missing = flags
      .filter((option) => command.getOptionValue(option.attributeName()) === undefined)
      .map((option) => described(option.long ?? option.flags, option));
    if (words.length + missing.length === 0) return;
    const code = missing.length === 0 ? 'USAGE' : 'FLAG_MISSING';
    throw new ConfigError(code, `missing: ${[...words, ...missing].join(', ')}`);
  });
  for (const each of command.commands) requireAllFlags(each);
}

function described(name: string, { description }: { readonly description: string }): string {
  return description === '' ? name : `${name} (${description})`;
}
