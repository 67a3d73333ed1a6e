/** @file Chance: what a world draws from a seed, one number at a time. */
import { MersenneTwister } from '../../src/base/mersenne-twister.ts';
import { required } from '../../src/base/required.ts';

/** Equal seeds and equal calls give equal worlds. */
export class Chance {
  readonly #engine: MersenneTwister;

  /** @param seed an unsigned 32-bit integer */
  constructor(seed: number) {
    this.#engine = new MersenneTwister(seed);
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.#engine.next() * 2 ** -32;
  }

  /** An integer from `low` up to but without `high`. */
  integer(low: number, high: number): number {
    return Math.floor(this.between(low, high));
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return this.between(0, 1) < probability;
  }

  /** One of a list, all alike likely. */
  of<T>(list: readonly T[]): T {
    return required(list, this.integer(0, list.length));
  }
}
