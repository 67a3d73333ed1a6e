/** @file `npm run bench:web -- contract|layers|step|site`: what the engines of a browser compute, and how fast, beside Node; and a first visit. */
import { servePage, Tab } from '../../test/browser/tab.ts';
import { launchChromium } from '../../test/studio/browser.ts';
import { contractOutcomes } from './contract.ts';
import { layerFigures } from './layers.ts';
import { firstVisit } from './site.ts';
import { stepFigures } from './step.ts';

/** Trainings with each number of threads. */
const rounds = 3;

const say = (line: string) => process.stdout.write(`${line}\n`);

const subjects: Readonly<Record<string, () => Promise<void>>> = {
  contract: async () => {
    const browser = await launchChromium('--enable-unsafe-webgpu');
    await using page = await servePage({ isIsolated: false, worker: 'engine-worker' });
    await using tab = await Tab.open(browser, page);
    for await (const { group, device, tried, ran, worst, failure } of contractOutcomes(tab)) {
      const engine = device === 'cpu' ? 'wasm' : device;
      const line = `${engine.padEnd(7)}${group.padEnd(52)} ${ran}/${tried}  ${worst.toExponential(1)}`;
      say(failure === undefined ? line : `${line}  ${failure}`);
    }
    await browser.close();
  },
  layers: async () => {
    for await (const figures of layerFigures()) say(JSON.stringify(figures));
  },
  site: async () => {
    for await (const figures of firstVisit()) say(JSON.stringify(figures));
  },
  step: async () => {
    for await (const figures of stepFigures(rounds)) say(JSON.stringify(figures));
  },
};

const [name = ''] = process.argv.slice(2);
const subject = subjects[name];
if (subject === undefined) {
  throw new Error(`expected one of ${Object.keys(subjects).join(', ')}, got "${name}"`);
}
await subject();
