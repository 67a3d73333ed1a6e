/** @file A path that is empty is a variable that was not set: it would mean the folder one stands in. */
import type { Command } from 'commander';
import { ConfigError } from '../../base/errors.ts';

/** What stands for a path in the help. */
const path = /<(dir|file|path)(\.\.\.)?>/;

/**
 * Makes a command and those below it refuse an empty path.
 *
 * The command then throws ConfigError FLAG_VALUE while it reads its arguments.
 */
export function refuseEmptyPaths(command: Command): void {
  for (const option of command.options.filter(({ flags }) => path.test(flags))) {
    command.on(`option:${option.name()}`, (value: string | undefined) => {
      if (value !== '') return;
      throw new ConfigError(
        'FLAG_VALUE',
        `${option.long}: expected a path, got an empty one (${option.description})`,
      );
    });
  }
  for (const each of command.commands) refuseEmptyPaths(each);
}
