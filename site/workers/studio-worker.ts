/** @file The worker that is the Studio of its tab. */
import { serveTab } from '../../src/studio/tab/serve-tab.ts';
import { startWorkers } from '../../src/studio/tab/start-workers.ts';
import { setUpWorker } from './set-up.ts';

/** Where its files are kept among those of the page. */
const folder = '/studio';

setUpWorker();
serveTab(folder, {
  now: () => Date.now(),
  log: (text) => reportError(new Error(text)),
  environment: {},
  startWork: startWorkers,
  goesOnByItself: true,
});
