/** @file Where the site keeps the files of the package and of ONNX Runtime, and how its programs are started. */
import { setUpBrowser } from '../../src/api/browser.ts';

/** The folder that the site is served from: bundles lie in one below it. */
const site = new URL('../', location.href);

/** For every worker, before anything else. */
export function setUpWorker(): void {
  setUpBrowser({
    packageFiles: (path) => new URL(`package/${path}`, site).href,
    runtimeFiles: (name) => new URL(`runtime/${name}`, site).href,
    startProgram: (_, name) =>
      new Worker(new URL('./program-worker.ts', import.meta.url), { type: 'module', name }),
  });
}
