/** @file One heavy work at a time on a device: a lane is an address that one process of the machine holds, for one kind of work. */

import { Turns } from '../../base/turns.ts';
import { controlAddress, type HeldAddress, holdAddress } from '../../platform/control-address.ts';
import type { RunLook } from '../runs/known-run.ts';

/** Kinds of work that a device is for; each sees to it that there is one of its kind. */
export type LaneUse = 'training' | 'drawing' | 'sweep';

interface HeldLane {
  readonly use: LaneUse;
  readonly address: HeldAddress;
}

/** Lanes that this Studio holds. */
export class Lanes implements AsyncDisposable {
  readonly #whose: string;
  readonly #held = new Map<string, HeldLane>();
  /** What takes and gives back waits for each other. */
  readonly #turns = new Turns(1);

  /** @param whose those who share the devices */
  constructor(whose = 'everybody') {
    this.#whose = whose;
  }

  /** Takes a lane for a use, also one that has it already; false where another use or another process has it. */
  async take(lane: string, use: LaneUse): Promise<boolean> {
    return await this.#turns.take(async () => {
      const held = this.#held.get(lane);
      if (held !== undefined) return held.use === use;
      const name = controlAddress(`studio lane ${lane} of ${this.#whose}`);
      const address = await holdAddress(name, async () => ({ lane }));
      if (address === undefined) return false;
      this.#held.set(lane, { use, address });
      return true;
    });
  }

  /** Gives back all lanes of a use but these. */
  async keepOnly(lanes: ReadonlySet<string>, use: LaneUse): Promise<void> {
    await this.#giveBack((lane, held) => held === use && !lanes.has(lane));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#giveBack(() => true);
  }

  async #giveBack(isGiven: (lane: string, use: LaneUse) => boolean): Promise<void> {
    await this.#turns.take(async () => {
      for (const [lane, { use, address }] of this.#held) {
        if (!isGiven(lane, use)) continue;
        this.#held.delete(lane);
        await address[Symbol.asyncDispose]();
      }
    });
  }
}

/** The lane that a run is trained on. */
export function laneOfRun({ record }: Pick<RunLook, 'record'>): string {
  return laneOf(record?.config.device ?? 'cpu');
}

/** Of runs the one that is being trained on the lane of a device. */
export function runOnLaneOf(device: string, runs: readonly RunLook[]): RunLook | undefined {
  return runs.find((run) => run.state.state === 'running' && laneOfRun(run) === laneOf(device));
}

/** The lane of a device; one that is still to be found out takes the processor's. */
export function laneOf(device: string): string {
  return device === 'auto' ? 'cpu' : device;
}
