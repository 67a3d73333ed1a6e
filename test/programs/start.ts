/** @file Programs of the project as processes of their own: what is killed, hung up on and left by its readers. */
import { type ChildProcess, type SpawnOptions, type StdioOptions, spawn } from 'node:child_process';
import { compiledPath } from './compiled.ts';

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<Ending>;
}

/** Starts a program. @param path in the project: `test/queue/worker-program.ts` */
export function startProgram(path: string, argv: readonly string[], options: SpawnOptions): Child {
  const child = spawn(process.execPath, [compiledPath(path), ...argv], options);
  const ended = new Promise<Ending>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return { process: child, ended };
}

/** Starts `krona ...argv`. */
export function startKrona(argv: readonly string[], stdio: StdioOptions): Child {
  return startProgram('bin/krona.js', argv, { stdio });
}

/** All that a stream says. */
export async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const piece of stream ?? []) text += String(piece);
  return text;
}
