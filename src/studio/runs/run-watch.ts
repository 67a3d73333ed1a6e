/** @file Follows the runs while somebody watches, and tells what happens in them. */
import type { EventFeed } from '../work/event-feed.ts';
import type { StudioHost } from '../work/studio-host.ts';
import { Watch } from '../work/watch.ts';
import type { KnownRun } from './known-run.ts';
import type { Runs } from './runs.ts';

/** Milliseconds between looks at a run that is being worked on: at most four messages a second. */
const often = 300;
/** Looks after which all are looked for anew. */
const seldom = 10;

interface RunWatchOptions {
  readonly runs: Runs;
  readonly feed: EventFeed;
  readonly host: StudioHost;
}

/** Begins to follow them. */
export function watchRuns({ runs, feed, host }: RunWatchOptions): Watch {
  let running: readonly KnownRun[] = [];
  let looks = 0;
  return new Watch({
    ...{ feed, host, what: 'runs', pause: often, rest: () => runs.takeNews() },
    look: async (tell) => {
      if (looks++ % seldom === 0) {
        const all = await runs.find();
        const states = await Promise.all(
          all.map(async (run) => (await runs.look(run)).state.state),
        );
        running = all.filter((_, n) => states[n] === 'running');
        tell(new Map(all.map(({ found }, n) => [found.id, String(states[n])])));
      }
      for (const { journal } of running) await journal.refresh();
      for (const [run, events] of runs.takeNews()) feed.publish({ type: 'run', run, events });
    },
  });
}
