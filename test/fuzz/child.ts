/** @file The process that cases run in; its parent watches its time and memory. */
import { readFileSync, writeFileSync } from 'node:fs';
import { chdir } from 'node:process';
import { type Case, runCase } from './cases.ts';
import type { Samples } from './target.ts';

/** What the parent is told when a case has ended. */
export interface Report {
  readonly number: number;
  readonly code: number;
  readonly fault: string | undefined;
  /** Largest resident memory during the case in bytes; where Linux tells it. */
  readonly peakBytes: number | undefined;
  readonly milliseconds: number;
}

const [folder = '', samplesText = ''] = process.argv.slice(2);
const samples = JSON.parse(samplesText) as Samples;
// A relative path that climbs out of the case's folder must stay in sight.
chdir(folder);

let current = -1;

function peakBytes(): number | undefined {
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
    return found === null ? undefined : Number(found[1]) * 1024;
  } catch {
    return undefined;
  }
}

function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not Linux: memory is not judged.
  }
}

const say = (report: Report) => process.send?.(report);

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    const fault = `${event}: ${error instanceof Error ? error.stack : String(error)}`;
    say({ number: current, code: -1, fault, peakBytes: undefined, milliseconds: 0 });
  });
}

process.on('message', async (each: Case) => {
  current = each.number;
  forgetPeak();
  const start = performance.now();
  const { code, fault } = await runCase(each, { folder: `${folder}/case`, samples });
  say({
    number: each.number,
    code,
    fault,
    peakBytes: peakBytes(),
    milliseconds: performance.now() - start,
  });
});
process.on('disconnect', () => process.exit(0));
