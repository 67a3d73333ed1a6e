/** @file How a planning process is started. */
import type { HelperOptions } from '../processes/helper-process.ts';

/** Milliseconds without a question after which it ends. */
const keptOpen = 60_000;

export const planProgram: HelperOptions = {
  program: new URL(
    `./plan-program.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
    import.meta.url,
  ),
  idle: keptOpen,
  writesNothing: true,
};
