/** @file What a download from the hub reports, and what it needs of its surroundings. */
import type { Environment } from '../../base/environment.ts';
import type { Listener } from '../../base/listener.ts';
import { sleep as delay } from '../../platform/waiting.ts';

export type HubEvent =
  | {
      readonly type: 'download-started';
      readonly name: string;
      readonly files: number;
      /** Of all files that are not in the cache yet. */
      readonly totalBytes: number;
      readonly folder: string;
    }
  | {
      readonly type: 'download-progress';
      /** Path in the repository. */
      readonly file: string;
      /** What came from the network since the event before. */
      readonly bytes: number;
      /** On the disk now, of all files together; falls where an unusable part is discarded. */
      readonly doneBytes: number;
      readonly totalBytes: number;
      /** Over the last seconds; undefined without a clock and at the start. */
      readonly bytesPerSecond: number | undefined;
      readonly secondsLeft: number | undefined;
    }
  | {
      readonly type: 'download-retry';
      readonly reason: string;
      /** 1 for the first repetition. */
      readonly attempt: number;
      readonly waitSeconds: number;
    }
  | { readonly type: 'download-warning'; readonly message: string }
  | {
      readonly type: 'download-finished';
      readonly name: string;
      readonly folder: string;
      /** From the network. */
      readonly bytes: number;
    };

/** Surroundings of a download; each may be left out. */
export interface HubHost {
  readonly listener?: Listener<HubEvent> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, for rates. */
  readonly now?: (() => number) | undefined;
  /** 0 to 1, to spread the retries of many machines. @default always the middle */
  readonly random?: (() => number) | undefined;
  /** Waits between retries. @default the system's timer */
  readonly sleep?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
  /**
   * Milliseconds until an answer must be there, and in which a transfer must bring 256 bytes a second; five attempts
   * that fail it end the download.
   *
   * @default 60000
   */
  readonly patience?: number | undefined;
  /** @default process.env */
  readonly environment?: Environment | undefined;
  /** Never touch the network, as HF_HUB_OFFLINE=1. @default false */
  readonly offline?: boolean | undefined;
}

/** Waits, or throws the signal's reason. */
export async function systemSleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
