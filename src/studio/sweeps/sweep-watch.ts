/** @file Follows the sweeps while somebody watches, tells what happens in them, and has their reports written at their end. */
import type { EventFeed } from '../work/event-feed.ts';
import type { StudioHost } from '../work/studio-host.ts';
import { Watch } from '../work/watch.ts';
import type { SweepLook } from './known-sweep.ts';
import type { Sweeps } from './sweeps.ts';

/** Milliseconds between looks. */
const often = 1000;

interface SweepWatchOptions {
  readonly sweeps: Sweeps;
  readonly feed: EventFeed;
  readonly host: StudioHost;
}

/** Begins to follow them. */
export function watchSweeps({ sweeps, feed, host }: SweepWatchOptions): Watch {
  /** Reports that were tried, by the id and what is in them. */
  const tried = new Set<string>();
  /** One that cannot be written is asked for again when there are other results; trying writes these anew, so their time says nothing. */
  const report = ({ id, begun, summary: { done, failed } }: SweepLook) => {
    const key = JSON.stringify([id, begun, done, failed]);
    if (tried.has(key)) return;
    tried.add(key);
    sweeps.report(id).catch((error) => {
      if (!watch.isEnding) host.log(`the report of ${id}: ${error}`);
    });
  };
  const watch = new Watch({
    ...{ feed, host, what: 'sweeps', pause: often },
    look: async (tell) => {
      const looks = await sweeps.list();
      tell(new Map(looks.map((look) => [look.id, shownOf(look)])));
      for (const look of looks) if (look.wantsReport) report(look);
    },
  });
  return watch;
}

/** What a page shows of a sweep; time passes without it. */
function shownOf({ summary, events }: SweepLook): string {
  const { secondsLeft: _, ...shown } = summary;
  return JSON.stringify({ ...shown, events });
}
