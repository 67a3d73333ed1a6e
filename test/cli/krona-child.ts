/** @file The command as a process of its own, from the sources: what is killed, hung up on and left by its readers. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<Ending>;
}

/** Starts `krona ...argv`. */
export function startKrona(argv: readonly string[], stdio: StdioOptions): Child {
  const loaded = ['--import', 'tsx', 'test/train/krona-process.ts', ...argv];
  const child = spawn(process.execPath, loaded, { stdio });
  const ended = new Promise<Ending>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return { process: child, ended };
}

/** All that a stream says. */
export async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const piece of stream ?? []) text += String(piece);
  return text;
}
