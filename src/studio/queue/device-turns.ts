/** @file When a device has time: nothing of the work folder computes on it, and no other Studio of the machine has its lane. */
import { sleep } from '../../platform/waiting.ts';
import type { WaitsFor } from '../interface/operation-shapes.ts';
import type { Runs } from '../runs/runs.ts';
import { type Lanes, type LaneUse, laneOf, runOnLaneOf } from './lanes.ts';

/** Milliseconds between looks. */
const betweenLooks = 500;

interface DeviceTurnsOptions {
  readonly runs: Runs;
  readonly lanes: Lanes;
  /** The sweep that computes on a lane. */
  readonly sweepOn: (lane: string) => Promise<string | undefined>;
}

/** Devices for those who want one for themselves. */
export class DeviceTurns {
  readonly #options: DeviceTurnsOptions;

  constructor(options: DeviceTurnsOptions) {
    this.#options = options;
  }

  /** Takes a device for a use until `keepOnly` of its lanes; what has it otherwise, else undefined. */
  async take(device: string, use: LaneUse): Promise<WaitsFor | undefined> {
    const { runs, lanes, sweepOn } = this.#options;
    const lane = laneOf(device);
    const name = runOnLaneOf(device, await runs.list())?.found.name ?? (await sweepOn(lane));
    if (name !== undefined) return { name };
    return (await lanes.take(lane, use)) ? undefined : { name: undefined };
  }

  /**
   * Waits for a device, which is free again when the result is disposed of.
   *
   * @param onBusy told what has it until then
   * @throws the signal's reason
   */
  async wait(
    device: string,
    {
      use,
      signal,
      onBusy,
    }: {
      readonly use: LaneUse;
      readonly signal: AbortSignal;
      readonly onBusy: (by: WaitsFor) => void;
    },
  ): Promise<AsyncDisposable> {
    for (;;) {
      signal.throwIfAborted();
      const by = await this.take(device, use);
      if (by === undefined) break;
      onBusy(by);
      await sleep(betweenLooks, undefined, { signal, ref: false }).catch(() => {});
    }
    const { lanes } = this.#options;
    return { [Symbol.asyncDispose]: async () => await lanes.keepOnly(new Set(), use) };
  }
}
