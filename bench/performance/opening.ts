/** @file A process that opens a base and traces its step, and says what that took: what a training does first. */
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { StepProgram } from '../../src/train/step-program.ts';
import type { BenchOptions } from '../options.ts';
import { stepPlan } from '../step.ts';

// The clock began with the process.
const imported = performance.now();
const options = JSON.parse(process.argv[2] ?? '') as BenchOptions;
const base = await openBaseModel(options.base);
const read = performance.now();
StepProgram.plan(base, stepPlan(base, options));
const traced = performance.now();
const phases = {
  'Node and its modules': imported,
  'reading configurations and headers': read - imported,
  'tracing and simplifying the step': traced - read,
};
const seconds = Object.entries(phases).map(([name, value]) => [name, value / 1000]);
process.stdout.write(`${JSON.stringify(Object.fromEntries(seconds))}\n`);
