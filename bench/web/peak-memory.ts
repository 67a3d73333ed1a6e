/** @file The memory of a browser's processes. */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';

/** The largest resident memory of the processes of a kind since they began; only Linux tells. */
export async function peakMemory(
  browser: Browser,
  kind: 'renderer' | 'GPU',
): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const peaks = processInfo
    .filter(({ type }) => type === kind)
    .map(({ id }) => /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]);
  return Math.max(...peaks.map((kilobytes) => 1024 * Number(kilobytes)));
}
