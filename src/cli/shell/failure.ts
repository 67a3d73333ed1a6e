/** @file What a failed command says, and the code it exits with. */
import { CommanderError } from 'commander';
import { ConfigError, KronaError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import { readable } from './printable.ts';
import { inWordsOfCommand } from './setting-words.ts';
import type { Terminal } from './terminal.ts';

/** Exit codes; 130 is what shells expect of a command that Ctrl-C ended. */
export const exitCodes = { done: 0, failed: 1, badUsage: 2, interrupted: 130 } as const;

/** Ends a command that was asked to stop and left everything in order. */
export class Interruption extends KronaError {
  constructor(message: string) {
    super('INTERRUPTED', message);
  }
}

/** Codes of adapter errors whose cause is always an option that the user gave. */
const optionErrors = ['FACTOR_DOES_NOT_DIVIDE', 'RANK_TOO_LARGE', 'TERMS_TOO_MANY'];

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
}

/** What was asked of the command that failed. */
interface Asked {
  readonly json: boolean;
  /** How its help is called. */
  readonly help: string;
  /** That it has flags for. */
  readonly settings: ReadonlySet<string>;
}

/** Reports why a command ended and returns its exit code. */
export function reportFailure(
  error: unknown,
  terminal: Terminal,
  { json, help, settings }: Asked,
): number {
  const { code, message, exitCode } = failureOf(error, help, settings);
  if (exitCode === exitCodes.done) return exitCode;
  if (json) terminal.out(`${JSON.stringify({ error: { code, message } })}\n`);
  else if (exitCode === exitCodes.interrupted) terminal.err(`${readable(message)}\n`);
  else terminal.err(`error: ${readable(message)} [${code}]\n`);
  if (terminal.debug && error instanceof Error) terminal.err(`${error.stack}\n`);
  return exitCode;
}

function failureOf(error: unknown, help: string, settings: ReadonlySet<string>): Failure {
  if (error instanceof CommanderError) return usageFailure(error, help);
  if (error instanceof Interruption) {
    return { code: error.code, message: error.message, exitCode: exitCodes.interrupted };
  }
  if (error instanceof KronaError) {
    const isUsage = error instanceof ConfigError || optionErrors.includes(error.code);
    const exitCode = isUsage ? exitCodes.badUsage : exitCodes.failed;
    return { code: error.code, message: inWordsOfCommand(error, settings), exitCode };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const message = `something unexpected went wrong: ${text}\nThis may be a bug; KRONA_DEBUG=1 shows where it happened.`;
  return { code: 'UNEXPECTED', message, exitCode: exitCodes.failed };
}

function usageFailure(error: CommanderError, help: string): Failure {
  if (error.exitCode === 0) return { code: 'HELP', message: '', exitCode: exitCodes.done };
  const text = error.message
    .replace(/^error: /, '')
    .replace(
      /^option '(--\S+).*' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s,
      (_, flag: string, given: string, choices: string) =>
        `${flag}: expected one of ${choices}, got "${given}"${didYouMean(given, choices.split(', '))}`,
    )
    .replace(/\n\((Did you mean .*\?)\)/, (_, hint: string) => `; d${hint.slice(1)}`);
  const message = error.code === 'commander.help' ? 'no command given' : text;
  return { code: 'USAGE', message: `${message}; see ${help}`, exitCode: exitCodes.badUsage };
}
