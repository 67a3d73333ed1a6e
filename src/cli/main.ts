/** @file The command `krona`: reads its arguments, runs a command, says what went wrong. */
import { Command } from 'commander';
import { ConfigError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { packageVersion } from '../platform/version.ts';
import { commands } from './commands.ts';
import { refuseUnmeantPaths } from './flags/given-paths.ts';
import { refuseRepeatedFlags } from './flags/repeated-flags.ts';
import { requireAllFlags } from './flags/required-flags.ts';
import { reportFailure } from './shell/failure.ts';
import { settingsOf } from './shell/setting-words.ts';
import { processTerminal, type Terminal } from './shell/terminal.ts';

const introduction = `Teaches Stable Diffusion a subject from a few pictures, with Kronecker adapters.`;

const examples = `
Start here:
  krona demo                                    train and show a bundled example, no download, minutes
  krona train --images my-dog --subject "sks dog" --out runs/dog
  krona generate --run runs/dog --prompt "a {subject} on the beach" --out pictures
  krona sweep mine.yaml                         which settings are best, on several subjects?
  krona plan --base sdxl --grid                 what would an adapter cost?
  krona inspect runs/dog                        what is this file or folder?
  krona convert runs/dog --to kohya --out dog.safetensors

Exit codes: 0 done, 1 failed, 2 bad usage, 130 stopped by Ctrl-C.
KRONA_DEBUG=1 shows where an error happened.
`;

/**
 * Runs the command.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code: 0 done, 1 failed, 2 bad usage, 130 stopped by Ctrl-C
 */
export async function run(
  argv: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<number> {
  const help: string[] = [];
  const program = createProgram(terminal, (text) => help.push(text));
  try {
    requireUtf8(argv);
    await loadCommand(program, argv, terminal);
    await program.parseAsync(argv, { from: 'user' }).catch(async (error: unknown) => {
      if (help.length > 0) await terminal.answer(help.join(''));
      throw error;
    });
    return 0;
  } catch (error) {
    const command = program.commands.find((candidate) => candidate.name() === argv[0]);
    const helpCommand = command === undefined ? 'krona --help' : `krona ${command.name()} --help`;
    const settings = settingsOf(command ?? program);
    const json = argv.includes('--json');
    return reportFailure(error, terminal, { json, help: helpCommand, settings });
  }
}

/** The one command that the arguments are for, or whose help they ask for, learns its options; the others need none. */
async function loadCommand(
  program: Command,
  [first, second]: readonly string[],
  terminal: Terminal,
): Promise<void> {
  const name = first === 'help' ? second : first;
  if (first === 'help') requireCommand(program, second);
  const command = program.commands.find((candidate) => candidate.name() === name);
  const entry = command === undefined ? undefined : commands[command.name()];
  if (command === undefined || entry === undefined) return;
  const addOptions = await entry.load();
  addOptions(command, terminal);
  refuseRepeatedFlags(command);
  refuseUnmeantPaths(command);
  requireAllFlags(command);
}

/** @throws ConfigError USAGE */
function requireCommand(program: Command, name = 'help'): void {
  const names = [...program.commands.map((command) => command.name()), 'help'];
  if (names.includes(name) || name.startsWith('-')) return;
  throw new ConfigError(
    'USAGE',
    `unknown command '${name}'${didYouMean(name, names)}; see krona --help`,
  );
}

/** Node replaces bytes that are not UTF-8 before anybody can read them. */
function requireUtf8(argv: readonly string[]): void {
  const at = argv.findIndex((argument) => argument.includes('\uFFFD'));
  if (at === -1) return;
  throw new ConfigError(
    'ARGUMENT_ENCODING',
    `argument ${at + 1}, "${argv[at]}": expected UTF-8, found bytes of another encoding (at \uFFFD); use a UTF-8 terminal, or rename the file that it names`,
  );
}

function createProgram(terminal: Terminal, showHelp: (text: string) => void): Command {
  const program = new Command('krona')
    .description(introduction)
    .version(packageVersion())
    .addHelpText('after', examples)
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .configureHelp({ showGlobalOptions: false, sortOptions: false })
    .configureOutput({
      writeOut: showHelp,
      writeErr: terminal.err,
      // Said once, in our own form, where the error is caught.
      outputError: () => {},
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const [name, { summary }] of Object.entries(commands))
    program.command(name).summary(summary);
  return program;
}
