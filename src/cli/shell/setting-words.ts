/** @file What the library says of settings, in the words of the command: flags, and the commands to go on with. */
import type { Command } from 'commander';
import type { KronaError } from '../../base/errors.ts';
import { flagOf } from '../flags/fields.ts';
import { commandLine, quotedWord } from './command-line.ts';

/** A setting in backquotes, or several with their values: `` `as: lora, rank: 8` ``. */
const setting = /`([a-z][A-Za-z0-9]*(?:: [^`]*)?)`/g;

/**
 * A message with its settings as flags: `` `rank: 8` `` becomes --rank 8.
 *
 * @param settings those that the command has flags for; others stay as they are
 */
export function withFlags(message: string, settings: ReadonlySet<string>): string {
  return message.replaceAll(setting, (written, inside: string) => {
    const parts = inside.split(/, (?=[a-z][A-Za-z0-9]*: )/).map((part) => {
      const [key = '', value] = part.split(/: (.*)/s);
      return { key, value };
    });
    if (parts.some(({ key }) => !settings.has(key))) return written;
    const words = parts.map(({ key, value }) =>
      value === undefined ? flagOf(key) : `${flagOf(key)} ${quotedWord(value)}`,
    );
    return words.join(' ');
  });
}

/** The settings that a command has flags for. */
export function settingsOf({ options }: Command): ReadonlySet<string> {
  return new Set(options.map((option) => option.attributeName()));
}

type Details = KronaError['details'];

/** The command that goes on from an error, by its code; undefined where the error does not know with what. */
const next: Readonly<Record<string, (details: Details) => string | undefined>> = {
  RUN_EXISTS: ({ run }) => run && commandLine('train', '--resume', run),
  NO_ADAPTER: ({ run }) => run && commandLine('train', '--resume', run),
  BASE_NEEDED: ({ file }) => file && commandLine('inspect', file),
  DREAMBENCH_FOLDER: () => commandLine('dreambench', 'fetch', '--out', 'DIR'),
  DREAMBENCH_PICTURES: ({ folder }) =>
    folder && commandLine('dreambench', 'fetch', '--out', folder),
};

/** An error in the words of the command. */
export function inWordsOfCommand(
  { code, message, details }: KronaError,
  settings: ReadonlySet<string>,
): string {
  const command = next[code]?.(details);
  const said = withFlags(message, settings);
  return command === undefined ? said : `${said}\n${command}`;
}
