/** @file The worker that is the Studio of its tab. */
import { lostFiles } from '../../src/api/browser.ts';
import { serveTab } from '../../src/studio/tab/serve-tab.ts';
import { startWorkers } from '../../src/studio/tab/start-workers.ts';
import type { StudioHost } from '../../src/studio/work/studio-host.ts';
import { setUpWorker } from './set-up.ts';

/** Where its files are kept among those of the page. */
const folder = '/studio';

setUpWorker();
const host: StudioHost = {
  now: () => Date.now(),
  log: (text) => reportError(new Error(text)),
  environment: {},
  // A module of 32 bits holds no model of real size in float32.
  variant: 'fp16',
  startWork: startWorkers,
  goesOnByItself: true,
};
serveTab(folder, host, lostFiles);
