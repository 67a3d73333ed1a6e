/** @file The Mersenne Twister mt19937 (Matsumoto and Nishimura, 1998): 32 random bits at a time. */
import { invariant } from './errors.ts';

const size = 624; // n of the paper: words of state
const shift = 397; // m of the paper: distance of the words that are mixed
const twist = 0x9908b0df; // a of the paper: last row of the twist matrix

/** mt19937, seeded by the 2002 reference initialisation. */
export class MersenneTwister {
  #words = new Uint32Array(size);
  #position = size;

  /** `seed` is an unsigned 32-bit integer. */
  constructor(seed: number) {
    this.#words[0] = seed;
    for (let i = 1; i < size; i++) {
      const previous = this.#word(i - 1);
      this.#words[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  static fromState(words: readonly number[], position: number): MersenneTwister {
    invariant(
      words.length === size && position >= 0 && position <= size,
      `mt19937 state has ${words.length} words at ${position}`,
    );
    const engine = new MersenneTwister(0);
    engine.#words = Uint32Array.from(words);
    engine.#position = position;
    return engine;
  }

  /** The words of state and how many of them are used up. */
  state(): { words: number[]; position: number } {
    return { words: Array.from(this.#words), position: this.#position };
  }

  /** The next unsigned 32-bit integer. */
  next(): number {
    if (this.#position >= size) this.#regenerate();
    let word = this.#word(this.#position++);
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> 0;
  }

  #word(index: number): number {
    return this.#words[index] ?? 0;
  }

  /** Replaces all words by the next ones of the recurrence. */
  #regenerate(): void {
    for (let i = 0; i < size; i++) {
      const mixed = (this.#word(i) & 0x80000000) | (this.#word((i + 1) % size) & 0x7fffffff);
      const twisted = (mixed >>> 1) ^ (mixed & 1 ? twist : 0);
      this.#words[i] = this.#word((i + shift) % size) ^ twisted;
    }
    this.#position = 0;
  }
}
