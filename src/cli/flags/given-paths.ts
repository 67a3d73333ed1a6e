/** @file Paths as people give them: an empty one is a variable that was not set, a ~ one that no shell has replaced. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ConfigError } from '../../base/errors.ts';

/** What stands for a path in the help; some of these may be names of the hub or addresses too. */
const placeholders = 'dir|file|path|run|base|model|encoder|store|file=strength';
const ofPath = new RegExp(`^(?:${placeholders})(?:\\.\\.\\.)?$`);

/** Whether a value with this placeholder may be a path. */
export function mayBePath(placeholder: string): boolean {
  return ofPath.test(placeholder);
}

/** What is wrong with a path; undefined where nothing is. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'expected a path, got an empty one';
  if (!/^~(?:$|[/\\])/.test(path)) return undefined;
  const whole = join(homedir(), path.slice(1));
  return `"${path}": only a shell takes ~ for the home folder; write ${whole}, or ./${path} where it is called so`;
}

/**
 * Makes a command and those below it refuse paths that cannot be meant, in flags and in arguments, all of which are paths.
 *
 * The command then throws ConfigError FLAG_VALUE while it reads its arguments, or before its action.
 */
export function refuseUnmeantPaths(command: Command): void {
  for (const option of command.options) {
    const [, placeholder = ''] = /<(.*)>/.exec(option.flags) ?? [];
    if (!mayBePath(placeholder)) continue;
    command.on(`option:${option.name()}`, (path: string) => {
      requireMeant(option.long ?? option.flags, path, option.description);
    });
  }
  command.hook('preAction', (_, acting) => {
    if (acting !== command) return;
    const taken = command.registeredArguments;
    for (const [i, path] of command.args.entries()) {
      // The last argument may take several.
      const argument = taken[Math.min(i, taken.length - 1)];
      if (argument !== undefined) requireMeant(`<${argument.name()}>`, path, argument.description);
    }
  });
  for (const each of command.commands) refuseUnmeantPaths(each);
}

function requireMeant(where: string, path: string, description: string): void {
  const problem = pathProblem(path);
  if (problem === undefined) return;
  throw new ConfigError('FLAG_VALUE', `${where}: ${problem} (${description})`);
}
