/** @file A process that measures one subject, run by run as it is told on standard input, and knows its own peak memory. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openGemm } from './gemm.ts';
import { openDecode, openDenoise } from './generate.ts';
import { openLoad } from './load.ts';
import type { BenchOptions, OpenSubject } from './options.ts';
import { openStep } from './step.ts';

const subjects: Readonly<Record<string, OpenSubject>> = {
  gemm: openGemm,
  step: openStep,
  denoise: openDenoise,
  decode: openDecode,
  load: openLoad,
};

const [name = '', options = '{}', profile] = process.argv.slice(2);
const open = subjects[name];
if (open === undefined) throw new Error(`no subject "${name}"`);

const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);

const subject = await open(JSON.parse(options) as BenchOptions, profile);
say({ flops: subject.flops ?? null });
for await (const _ of createInterface({ input: process.stdin })) {
  const start = performance.now();
  await subject.run();
  say({ seconds: (performance.now() - start) / 1000, peakBytes: peakBytes() });
}
await subject[Symbol.asyncDispose]();

/** The largest resident memory of this process so far; only Linux tells. */
function peakBytes(): number | null {
  if (process.platform !== 'linux') return null;
  const status = readFileSync('/proc/self/status', 'utf8');
  return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
}
