/** @file One heavy work at a time on a device: a lane is an address that one process of the machine holds. */
import { controlAddress, type HeldAddress, holdAddress } from '../../storage/control-address.ts';
import type { RunLook } from '../runs/known-run.ts';

/** Lanes that this Studio holds. */
export class Lanes implements AsyncDisposable {
  readonly #whose: string;
  readonly #held = new Map<string, HeldAddress>();

  /** @param whose those who share the devices */
  constructor(whose = 'everybody') {
    this.#whose = whose;
  }

  /** Takes a lane, also one that is held here already; false where another process has it. */
  async take(lane: string): Promise<boolean> {
    if (this.#held.has(lane)) return true;
    const address = controlAddress(`studio lane ${lane} of ${this.#whose}`);
    const held = await holdAddress(address, async () => ({ lane }));
    if (held === undefined) return false;
    this.#held.set(lane, held);
    return true;
  }

  /** Gives back all lanes but these. */
  async keepOnly(lanes: ReadonlySet<string>): Promise<void> {
    for (const [lane, held] of this.#held) {
      if (lanes.has(lane)) continue;
      this.#held.delete(lane);
      await held[Symbol.asyncDispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.keepOnly(new Set());
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
