/** @file Counts what arrives: progress events with bytes, rate and time left. */
import type { Hub } from '../hub.ts';

/** Milliseconds that a rate looks back over. */
const lookBack = 10_000;

/** Counts bytes of all files of a download together. */
export interface Meter {
  /** From the network. */
  received(file: string, bytes: number): void;
  /** Already on the disk, from an earlier attempt or from another process. */
  found(file: string, bytes: number): void;
  /** On the disk, but not usable. */
  discarded(file: string, bytes: number): void;
  /** From the network so far. */
  readonly receivedBytes: number;
}

interface Sample {
  readonly at: number;
  readonly bytes: number;
}

/** A meter that reports to the hub's listener. */
export function createMeter(hub: Hub, totalBytes: number): Meter {
  let doneBytes = 0;
  let receivedBytes = 0;
  const samples: Sample[] = [];
  const rate = (): number | undefined => {
    const at = hub.now?.();
    if (at === undefined) return undefined;
    samples.push({ at, bytes: receivedBytes });
    while ((samples[1]?.at ?? at) < at - lookBack) samples.shift();
    const [oldest] = samples;
    return oldest === undefined || oldest.at === at
      ? undefined
      : (1000 * (receivedBytes - oldest.bytes)) / (at - oldest.at);
  };
  const report = (file: string, bytes: number, added: number): void => {
    doneBytes += added;
    const bytesPerSecond = rate();
    const secondsLeft =
      bytesPerSecond === undefined || bytesPerSecond === 0
        ? undefined
        : (totalBytes - doneBytes) / bytesPerSecond;
    hub.emit({
      type: 'download-progress',
      file,
      bytes,
      doneBytes,
      totalBytes,
      bytesPerSecond,
      secondsLeft,
    });
  };
  return {
    received(file, bytes) {
      receivedBytes += bytes;
      report(file, bytes, bytes);
    },
    found: (file, bytes) => report(file, 0, bytes),
    discarded: (file, bytes) => report(file, 0, -bytes),
    get receivedBytes() {
      return receivedBytes;
    },
  };
}
