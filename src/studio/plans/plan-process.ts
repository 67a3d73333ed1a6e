/** @file How a planning process is started. */
import { programBeside } from '../../platform/processes.ts';
import type { HelperOptions } from '../processes/helper-process.ts';

/** Milliseconds without a question after which it ends. */
const keptOpen = 60_000;

export const planProgram: HelperOptions = {
  program: programBeside(import.meta.url, 'plan-program'),
  idle: keptOpen,
  writesNothing: true,
};
