/** @file Flags that take one value are given once: of two, nobody could say which was meant. */
import type { Command, Option } from 'commander';
import { ConfigError } from '../../base/errors.ts';

/**
 * Makes a command and those below it refuse a second value of a flag that takes one, and a switch with its opposite.
 *
 * The command then throws ConfigError FLAG_TWICE while it reads its arguments.
 */
export function refuseRepeatedFlags(command: Command): void {
  const given = new Map<string, string>();
  for (const option of command.options) {
    if (collectsValues(option)) continue;
    const takesValue = option.required || option.optional;
    command.on(`option:${option.name()}`, (value: string | undefined) => {
      const own = takesValue ? `${option.long} ${value ?? ''}`.trim() : String(option.long);
      const key = option.attributeName();
      const before = given.get(key);
      given.set(key, own);
      if (before === undefined || (!takesValue && before === own)) return;
      throw new ConfigError(
        'FLAG_TWICE',
        `${option.long}: expected once, got ${before} and then ${own}; leave one out`,
      );
    });
  }
  for (const each of command.commands) refuseRepeatedFlags(each);
}

/** Choices are checked by a parser of commander's; any other parser of ours adds to what was given before. */
function collectsValues({ variadic, parseArg, argChoices }: Option): boolean {
  return variadic || (parseArg !== undefined && argChoices === undefined);
}
