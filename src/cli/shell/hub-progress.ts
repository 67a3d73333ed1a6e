/** @file Downloads from the hub as the command shows them: a line of progress, retries and warnings. */
import type { Listener } from '../../base/listener.ts';
import { formatBytes, formatDuration, formatPlural } from '../../base/quantities.ts';
import type { HubEvent } from '../../storage/hub/hub-events.ts';
import type { Progress } from './progress.ts';

/** Shows a download. */
export function showDownload(progress: Progress): Listener<HubEvent> {
  return (event) => {
    switch (event.type) {
      case 'download-started': {
        const { name, files, totalBytes, folder } = event;
        progress.note(
          `downloading ${name}: ${formatPlural(files, 'file')}, ${formatBytes(totalBytes)}, to ${folder}`,
        );
        break;
      }
      case 'download-progress':
        progress.status(progressLine(event));
        break;
      case 'download-retry': {
        const wait = formatDuration(event.waitSeconds);
        progress.note(`${event.reason}\ntrying again in ${wait} ...`);
        break;
      }
      case 'download-warning':
        progress.note(`warning: ${event.message}`);
        break;
      case 'download-finished':
        progress.note(`downloaded ${formatBytes(event.bytes)}`);
        break;
      default:
        event satisfies never;
    }
  };
}

/** How far something of many bytes is. */
export type BytesDone = Pick<
  Extract<HubEvent, { readonly type: 'download-progress' }>,
  'file' | 'doneBytes' | 'totalBytes' | 'bytesPerSecond' | 'secondsLeft'
>;

/** `1.2 GB of 3.4 GB (35 %)  120 MB/s  18 s left  unet/model.safetensors` */
export function progressLine(done: BytesDone): string {
  const { doneBytes, totalBytes, bytesPerSecond, secondsLeft, file } = done;
  const share = totalBytes === 0 ? 100 : Math.floor((100 * doneBytes) / totalBytes);
  return [
    `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)} (${share} %)`,
    ...(bytesPerSecond === undefined ? [] : [`${formatBytes(Math.round(bytesPerSecond))}/s`]),
    ...(secondsLeft === undefined ? [] : [`${formatDuration(secondsLeft)} left`]),
    file,
  ].join('  ');
}
