/** @file A waiting worker in a process of its own, which tests kill, put to sleep and stop. */
import { runWaitingWorker } from './waiting-worker.ts';

const [url = '', name = '', folder = ''] = process.argv.slice(2);
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort(new Error('stopped')));

await runWaitingWorker({
  ...{ url, name, folder, signal: stop.signal },
  listener: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
});
