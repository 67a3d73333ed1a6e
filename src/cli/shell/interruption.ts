/** @file Ctrl-C: the first asks the work to stop in good order, the second ends the process. */
import { exitCodes, Interruption } from './failure.ts';
import type { Terminal } from './terminal.ts';

/**
 * Runs work with a signal that Ctrl-C aborts.
 *
 * @param stopping what the first Ctrl-C says
 */
export async function interruptible<T>(
  terminal: Terminal,
  stopping: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stopListening = terminal.onInterrupt(() => {
    if (controller.signal.aborted) terminal.exit(exitCodes.interrupted);
    terminal.err(`\n${stopping} (again to stop at once)\n`);
    controller.abort(new Interruption('stopped'));
  });
  try {
    return await work(controller.signal);
  } finally {
    stopListening();
  }
}
