/** @file The progress of a sweep: what every worker does, how many tasks are done, how long the rest takes. */
import type { Listener } from '../base/events.ts';
import type { SweepEvent } from '../experiments/sweep/run-sweep.ts';
import type { Progress } from './progress.ts';
import { formatDuration, formatPlural } from './quantities.ts';

interface Doing {
  readonly title: string;
  readonly stage: string;
}

/** Shows a sweep. */
export function showSweep(now: () => number): (progress: Progress) => Listener<SweepEvent> {
  return (progress) => {
    const titles = new Map<string, string>();
    const workers = new Map<string, Doing>();
    let name = '';
    let started = now();
    let done = 0;
    const ended = (worker: string) => {
      workers.delete(worker);
      done += 1;
    };
    const status = () => {
      const left = done === 0 ? undefined : ((now() - started) / done) * (titles.size - done);
      const time = left === undefined ? '' : `, ${formatDuration(left / 1000)} left`;
      const doing = [...workers].map(([worker, { title, stage }]) => {
        return workers.size === 1 ? `${title}: ${stage}` : `[${worker}] ${title}: ${stage}`;
      });
      progress.status(`${name} ${done}/${titles.size}${time}  ${doing.join('  ')}`);
    };
    return (event) => {
      switch (event.type) {
        case 'planned':
          name = event.sweep;
          started = now();
          for (const { key, title } of event.tasks) titles.set(key, title);
          progress.note(
            `${name}: ${formatPlural(event.cells, 'cell')}, ${event.found} with a result, ${formatPlural(event.tasks.length, 'task')} to do`,
          );
          break;
        case 'note':
          progress.note(event.message);
          break;
        case 'begun':
          workers.set(event.worker, {
            title: titles.get(event.task) ?? event.task,
            stage: 'begun',
          });
          break;
        case 'progress': {
          const { stage, done: at, total } = event.progress;
          const title = titles.get(event.task) ?? event.task;
          workers.set(event.worker, { title, stage: `${stage} ${at}/${total}` });
          break;
        }
        case 'done':
          ended(event.worker);
          break;
        case 'failed':
          ended(event.worker);
          progress.note(`failed: ${titles.get(event.task) ?? event.task}: ${event.message}`);
          break;
        case 'collected':
          break;
        default:
          event satisfies never;
      }
      if (event.type !== 'collected') status();
    };
  };
}
