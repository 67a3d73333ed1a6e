/** @file The command as a process of its own, run from the sources: what the kill test kills. */
import { run } from '../../src/cli/main.ts';

process.exitCode = await run(process.argv.slice(2));
