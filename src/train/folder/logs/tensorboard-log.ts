/** @file A run's numbers for TensorBoard, in event files of its folder. */
import { encodeScalars, encodeStart } from '../../../formats/tensorboard.ts';
import { appendFile } from '../../../platform/files.ts';
import { join } from '../../../platform/paths.ts';
import { fileError } from '../../../storage/file-errors.ts';
import { createFolder } from '../../../storage/files/folders.ts';
import type { TrainEvent } from '../../events.ts';
import { scalarsOf } from './event-scalars.ts';

export interface TensorboardLogOptions {
  /** Steps done before this part of the run. */
  readonly fromStep: number;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Begins an event file of its own for every part of a run; what earlier files say of later steps no longer counts. */
export async function openTensorboardLog(
  folder: string,
  { fromStep, now }: TensorboardLogOptions,
): Promise<(event: TrainEvent) => Promise<void>> {
  await createFolder(folder);
  const seconds = () => now() / 1000;
  // Viewers read files in the order of their names.
  const time = String(Math.floor(seconds())).padStart(10, '0');
  const name = `events.out.tfevents.${time}.krona.${String(fromStep).padStart(6, '0')}`;
  const path = join(folder, name);
  const append = async (bytes: Uint8Array) => {
    try {
      await appendFile(path, bytes);
    } catch (cause) {
      throw fileError('write', path, cause);
    }
  };
  await append(encodeStart({ step: fromStep + 1, seconds: seconds() }));
  return async (event) => {
    const values = scalarsOf(event);
    if (values === undefined) return;
    await append(encodeScalars({ ...values, seconds: seconds() }));
  };
}
