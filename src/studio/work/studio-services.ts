/** @file All that operations work with, opened once. A new area adds its service here. */
import { workingDevices } from '../../runtime/index.ts';
import { RunWatch } from '../runs/run-watch.ts';
import { Runs } from '../runs/runs.ts';
import { EventFeed } from './event-feed.ts';
import { PreferencesFile } from './preferences-file.ts';
import type { StudioHost } from './studio-host.ts';
import { openWorkFolder, type WorkFolder } from './work-folder.ts';

export interface StudioServices extends AsyncDisposable {
  readonly host: StudioHost;
  readonly work: WorkFolder;
  readonly feed: EventFeed;
  readonly preferences: PreferencesFile;
  readonly runs: Runs;
  /** Aborted when the server ends: nothing waits longer. */
  readonly ending: AbortSignal;
  /** Devices that compute here, the processor first; tried once. */
  readonly devices: () => Promise<readonly string[]>;
}

/** Opens the work folder and begins to look after what lies in it. */
export async function openStudio(folder: string, host: StudioHost): Promise<StudioServices> {
  const work = await openWorkFolder(folder);
  const feed = new EventFeed();
  const runs = new Runs(work, host);
  const watch = new RunWatch({ runs, feed, host });
  const ending = new AbortController();
  let devices: Promise<readonly string[]> | undefined;
  return {
    ...{ host, work, feed, runs },
    ending: ending.signal,
    preferences: new PreferencesFile(work.preferences),
    devices: () => {
      devices ??= workingDevices();
      return devices;
    },
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await watch[Symbol.asyncDispose]();
    },
  };
}
