/** @file When a device has time for a drawing: not while a run of the work folder is trained on it. */
import { sleep } from '../../platform/waiting.ts';
import type { Drawing } from '../interface/drawing-operations.ts';
import { runOnLaneOf } from '../queue/lanes.ts';
import type { Runs } from '../runs/runs.ts';

/** Milliseconds between looks. */
const betweenLooks = 500;

/** Resolves when a device is free; tells which run has it until then. @throws the signal's reason */
export type FreeDevice = (
  device: string,
  signal: AbortSignal,
  onBusy: (run: NonNullable<Drawing['waitsFor']>) => void,
) => Promise<void>;

export function freeDeviceOf(runs: Runs): FreeDevice {
  return async (device, signal, onBusy) => {
    for (;;) {
      signal.throwIfAborted();
      const busy = runOnLaneOf(device, await runs.list());
      if (busy === undefined) return;
      onBusy({ run: busy.found.id, name: busy.found.name });
      await sleep(betweenLooks, undefined, { signal, ref: false }).catch(() => {});
    }
  };
}
