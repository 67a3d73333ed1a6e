/** @file `npm run bench:web`: what the engines of a browser compute of the contracts, one group and engine a line. */

import { servePage, Tab } from '../../test/browser/tab.ts';
import { launchChromium } from '../../test/studio/browser.ts';
import { contractOutcomes } from './contract.ts';

const browser = await launchChromium('--enable-unsafe-webgpu');
await using page = await servePage({ isIsolated: false, worker: 'engine-worker' });
await using tab = await Tab.open(browser, page);
for await (const { group, device, tried, ran, worst, failure } of contractOutcomes(tab)) {
  const engine = device === 'cpu' ? 'wasm' : device;
  const line = `${engine.padEnd(7)}${group.padEnd(52)} ${ran}/${tried}  ${worst.toExponential(1)}`;
  process.stdout.write(failure === undefined ? `${line}\n` : `${line}  ${failure}\n`);
}
await browser.close();
