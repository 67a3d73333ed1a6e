/** @file Runs `krona report` alone, as the program would. */
import { Command } from 'commander';
import { reportFailure } from '../../src/cli/failure.ts';
import { addReport } from '../../src/cli/report.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { Outcome } from '../cli/terminal.ts';

/** What `krona report ...argv` does. */
export async function kronaReport(...argv: readonly string[]): Promise<Outcome> {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    interactive: false,
    columns: 100,
    debug: false,
    now: () => 0,
    onInterrupt: () => () => {},
    exit: () => {},
  };
  const program = new Command('krona').exitOverride().configureOutput({
    writeOut: terminal.out,
    outputError: () => {},
  });
  addReport(program, terminal);
  let code = 0;
  try {
    await program.parseAsync(['report', ...argv], { from: 'user' });
  } catch (error) {
    const how = { json: argv.includes('--json'), help: 'krona report --help' };
    code = reportFailure(error, terminal, how);
  }
  return { code, out, err };
}
