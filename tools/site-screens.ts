/** @file `npm run screens`, its second half: photographs the site, whose Studio works in the tab, over a training of its own. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askTab } from '../test/site/asked-tab.ts';
import { serveSite } from '../test/site/served-site.ts';
import { appearances, launchChromium } from '../test/studio/browser.ts';

const out = join(import.meta.dirname, '..', 'docs', 'studio');
const steps = 200;
/** Milliseconds until pictures are loaded, and curves are drawn. */
const toSettle = 2500;

await using site = await serveSite();
const browser = await launchChromium();
const wide = appearances['light, 1280 pixels wide'];
const context = await browser.newContext({ ...wide, locale: 'en-GB' });
const page = await context.newPage();
page.on('dialog', (dialog) => dialog.accept());

/** Within the page: another document would end what its tab does. */
async function photograph(name: string, path: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', ${JSON.stringify(site.address + path)})`);
  await page.waitForTimeout(toSettle);
  await page.screenshot({ path: join(out, `${name}.png`) });
}

await page.goto(site.address);
await page.getByText('a toy: draws its own little world').waitFor();
await photograph('tab-home-light', '');
await askTab(page, 'jobs.add', {
  ...{ kind: 'train', dataset: 'pocket-teapot', name: 'teapot' },
  settings: { subject: 'sks teapot', steps, sampleEvery: 50 },
});
for (let drawn = 0; drawn < 4; ) {
  await sleep(1000);
  drawn = (await askTab(page, 'gallery.list', { count: 1 })).total;
}
const [run] = await askTab(page, 'runs.list', {});
await photograph('tab-run-light', `runs/${run?.id ?? ''}`);
await page.setViewportSize({ width: 390, height: 844 });
await page.emulateMedia({ colorScheme: 'dark' });
await photograph('tab-settings-phone', 'settings');
await browser.close();
