/** @file Seeded choices: a case is made again from its seed and number. */
import { MersenneTwister } from '../../src/base/mersenne-twister.ts';

/** Uniform choices; equal seeds give equal ones. */
export class Random {
  readonly #engine: MersenneTwister;

  /** @param seed its low 32 bits count */
  constructor(seed: number) {
    this.#engine = new MersenneTwister(seed >>> 0);
  }

  /** A whole number from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    return Math.floor((this.#engine.next() / 2 ** 32) * limit);
  }

  chance(probability: number): boolean {
    return this.#engine.next() / 2 ** 32 < probability;
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)];
    if (item === undefined) throw new Error('internal: nothing to pick from');
    return item;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }
}
