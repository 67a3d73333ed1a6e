/** @file The progress of a sweep: what every worker does, how many tasks are done, how long the rest takes. */
import type { Listener } from '../../../base/listener.ts';
import {
  formatCount,
  formatDuration,
  formatPlural,
  formatPosition,
} from '../../../base/quantities.ts';
import type { SweepEvent } from '../../../experiments/sweep/run/run-sweep.ts';
import type { EngineEvent, TaskProgress } from '../../../experiments/sweep/work/worker-protocol.ts';
import type { ShownEvent } from '../../shell/action.ts';
import type { Progress } from '../../shell/progress.ts';

/** How far a sweep is. */
interface State {
  readonly name: string;
  /** Milliseconds. */
  readonly started: number;
  /** Of all tasks, by key. */
  readonly titles: ReadonlyMap<string, string>;
  /** What each worker does. */
  readonly workers: Map<string, string>;
  done: number;
  /** When the last of these was, in milliseconds. */
  doneAt: number;
}

/** Shows a sweep. */
export function showSweep(
  now: () => number,
): (progress: Progress) => Listener<ShownEvent<SweepEvent>> {
  return (progress) => {
    let state: State | undefined;
    return (event) => {
      if (event.type === 'collected') return;
      if (event.type === 'planned') {
        const { sweep: name, cells, found, tasks } = event;
        const titles = new Map(tasks.map(({ key, title }) => [key, title]));
        const started = now();
        state = { name, started, titles, workers: new Map(), done: 0, doneAt: started };
        progress.note(
          `${name}: ${formatPlural(cells, 'cell')}, ${found} with a result, ${formatPlural(tasks.length, 'task')} to do`,
        );
        return;
      }
      if (state === undefined) return;
      const note = follow(state, event, now());
      if (note !== undefined) progress.note(note);
      progress.status(statusOf(state, now()));
    };
  };
}

/** `training step 12 of 300` */
export function formatTaskProgress({ stage, done, total }: TaskProgress): string {
  const nouns = { training: 'step', drawing: 'prompt', scoring: 'prompt' } as const;
  return `${stage} ${formatPosition(nouns[stage], done, total)}`;
}

/** Takes an event into account; what of it should stay on the screen. */
function follow(state: State, event: ShownEvent<EngineEvent>, now: number): string | undefined {
  const { worker, task } = event;
  const title = state.titles.get(task) ?? task;
  switch (event.type) {
    case 'begun':
      state.workers.set(worker, `${title}: begun`);
      return undefined;
    case 'progress': {
      state.workers.set(worker, `${title}: ${formatTaskProgress(event.progress)}`);
      return undefined;
    }
    case 'done':
    case 'failed':
      state.workers.delete(worker);
      state.done += 1;
      state.doneAt = now;
      return event.type === 'failed' ? `failed: ${title}: ${event.message}` : undefined;
    default:
      return event satisfies never;
  }
}

function statusOf(state: State, now: number): string {
  const { name, started, titles, workers, done, doneAt } = state;
  const rest = titles.size - done;
  // As long a task as those that are done took; while one takes longer, at least those that have not begun.
  const millisecondsEach = (doneAt - started) / done;
  const secondsLeft =
    Math.max(millisecondsEach * rest - (now - doneAt), millisecondsEach * (rest - workers.size)) /
    1000;
  const left = done === 0 ? '' : `, ${formatDuration(secondsLeft)} left`;
  const doing = [...workers].map(([worker, what]) =>
    workers.size === 1 ? what : `[${worker}] ${what}`,
  );
  return `${name}: ${formatCount(done)} of ${formatPlural(titles.size, 'task')} done${left}  ${doing.join('  ')}`;
}
