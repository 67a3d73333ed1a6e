/** @file `krona studio`: everything in a page. */
import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { ConfigError } from '../../base/errors.ts';
import { firstNames, formatPlural } from '../../base/quantities.ts';
import { readText } from '../../storage/files/text-file.ts';
import { startCommands } from '../../studio/processes/detached-command.ts';
import { serveStudio, usualPort } from '../../studio/server/serve-studio.ts';
import type { StudioHost } from '../../studio/work/studio-host.ts';
import { flagOf } from '../flags/fields.ts';
import { collect } from '../flags/flags.ts';
import { addAction, type Work } from '../shell/action.ts';
import { commandLine } from '../shell/command-line.ts';
import type { Terminal } from '../shell/terminal.ts';
import { trainLine } from './train/train-line.ts';

const examples = `
Examples:
  krona studio                                  in this folder; opens the browser
  krona studio --work ~/pictures/krona
  krona studio --models ~/ComfyUI/models/checkpoints
  krona studio --no-open --port 8000
  ssh -L ${usualPort}:127.0.0.1:${usualPort} machine        and there: krona studio --no-open

The page works without a network. What it makes lies in the work folder, where the other commands find it, and what they
make there appears in the page. Trainings are processes of their own: they go on when this command ends.

The address that is shown opens one browser; then the next one is shown. Nobody else can use the page, neither other
users of the machine nor pages of other sites. With --host, other machines can reach it, which takes a password.
`;

interface StudioFlags {
  readonly work: string;
  readonly port?: number;
  readonly open: boolean;
  readonly host?: string;
  readonly allowHost?: readonly string[];
  readonly passwordFile?: string;
  readonly models?: readonly string[];
}

/** Gives the command its options and its action. */
export function addStudio(command: Command, terminal: Terminal): void {
  command
    .description('Opens a page in the browser that trains, draws and compares.')
    .addHelpText('after', examples)
    .option('--work <dir>', 'folder for everything that is made; runs in it are found', '.')
    .option(
      '--models <dir>',
      'folder with models that the page may choose, besides models in the work folder; may be repeated',
      collect,
    )
    .option(
      '--port <n>',
      `port to listen at; ${usualPort}, or the next that is free, where not given`,
      portOf,
    )
    .option('--no-open', 'do not open a browser')
    .option('--host <address>', 'address to listen at, where not only this machine shall reach it')
    .option('--allow-host <name>', 'another name that browsers may ask under', collect)
    .option('--password-file <file>', 'file with the password that opens the page, for --host');
  addAction(command, terminal, { json: 'result', without: ['quiet'] }, studio);
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new ConfigError('FLAG_VALUE', `--port: expected a number from 0 to 65535, got "${text}"`);
}

async function studio(work: Work, flags: StudioFlags): Promise<void> {
  const { port, host: hostname, allowHost: allowedHosts, passwordFile } = flags;
  const password = passwordFile === undefined ? undefined : await passwordOf(passwordFile);
  await using server = await serveStudio(
    {
      ...{ work: flags.work, port, hostname, allowedHosts, password },
      onAddress: (address) => work.note(`for another browser: ${address}`),
    },
    { ...hostOf(work), models: flags.models },
  );
  const { openAddress: address } = server;
  work.out({ text: `Studio is at ${address}\n`, value: { address } });
  if (flags.open) openBrowser(address);
  await aborted(work.signal);
  const names = await server.running();
  if (names.length === 0) return;
  const goesOn = names.length === 1 ? 'goes on' : 'go on';
  work.note(`${firstNames(names)} ${goesOn} training; open the page again to watch, or to stop`);
}

/** @throws ConfigError PASSWORD_SHORT */
async function passwordOf(path: string): Promise<string> {
  const [line = ''] = (await readText(path)).split(/\r?\n/);
  const fewest = 12;
  if (line.length >= fewest) return line;
  throw new ConfigError(
    'PASSWORD_SHORT',
    `--password-file ${path}: expected a first line of at least ${fewest} characters, found ${formatPlural(line.length, 'character')}`,
  );
}

function hostOf({ now, note, hub }: Work): StudioHost {
  const [node = process.execPath, entry = ''] = process.argv;
  const environment = { ...process.env, ...(hub.offline ? { HF_HUB_OFFLINE: '1' } : {}) };
  const program = [node, ...process.execArgv, entry];
  return {
    now,
    log: note,
    environment,
    startWork: startCommands({ program, environment, log: note }),
    commands: {
      resume: (run) => commandLine('train', '--resume', run),
      train: trainLine,
      flagOf,
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** A machine without a browser is no reason to fail: the address is shown. */
function openBrowser(address: string): void {
  const [program, ...words] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program ?? 'xdg-open', [...words, address], {
    detached: true,
    stdio: 'ignore',
  });
  child.on('error', () => {});
  child.unref();
}

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
