/** @file A command as a user starts it: what it says and when, and the most memory that it held. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { compiledPath } from '../../test/programs/compiled.ts';

export interface CommandRun {
  /** From its start to its end. */
  readonly seconds: number;
  readonly startedAt: Date;
  /** Its standard output, and its error stream after it. */
  readonly output: string;
  readonly peakBytes: number | null;
}

/** Milliseconds between looks at the memory; the peak only grows, so that the last look has it. */
const between = 50;

/** Runs a program to its end. */
export async function runCommand(
  program: string,
  parameters: readonly string[],
): Promise<CommandRun> {
  const startedAt = new Date();
  const from = performance.now();
  const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  let peakBytes: number | null = null;
  const watch = setInterval(() => {
    peakBytes = peakOf(child.pid) ?? peakBytes;
  }, between);
  const [code] = await once(child, 'close').finally(() => clearInterval(watch));
  const seconds = (performance.now() - from) / 1000;
  const output = `${texts.stdout}\n${texts.stderr}`;
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${output.slice(-2000)}`);
  return { seconds, startedAt, output, peakBytes };
}

/** Our own command. */
export async function runKrona(...parameters: readonly string[]): Promise<CommandRun> {
  return await runCommand(process.execPath, [compiledPath('bin/krona.js'), ...parameters]);
}

/** The JSON lines of an output. */
export function jsonLinesOf(output: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line));
}

/** The largest resident memory of a process so far; only Linux tells, and only while it runs. */
function peakOf(pid: number | undefined): number | undefined {
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found?.[1] === undefined ? undefined : 1024 * Number(found[1]);
  } catch {
    return undefined;
  }
}
