/** @file PyTorch's CPU random numbers: the same seed draws the same noise as `torch.Generator().manual_seed(seed)`. */
import { invariant } from './errors.ts';
import { MersenneTwister } from './mersenne-twister.ts';

/** Everything a generator needs to go on exactly where it stood; plain JSON. */
export interface TorchGeneratorState {
  readonly words: readonly number[];
  readonly position: number;
  /** The second normal of a pair drawn one at a time, not handed out yet. */
  readonly cachedNormal: number | null;
}

/** Normals per block of torch's vectorised fill: 8 radii, then 8 angles. */
const blockSize = 16;
const halfBlock = blockSize / 2;

/** From this range on, torch's randint takes two 32-bit words an integer. */
const wideRange = 2 ** 28;

const twoPi = Math.fround(2 * Math.PI);

/** torch's CPU generator (mt19937): equal seeds and equal calls give equal numbers. */
export class TorchGenerator {
  #engine: MersenneTwister;
  #cachedNormal: number | null = null;

  /** Like torch, only the low 32 bits of the seed count; negative seeds wrap around. */
  constructor(seed: number | bigint) {
    invariant(
      typeof seed === 'bigint' || Number.isSafeInteger(seed),
      `a seed is an integer, got ${seed}`,
    );
    this.#engine = new MersenneTwister(Number(BigInt.asUintN(32, BigInt(seed))));
  }

  /** A generator that goes on where `state()` was taken. */
  static fromState(state: TorchGeneratorState): TorchGenerator {
    const generator = new TorchGenerator(0);
    generator.#engine = MersenneTwister.fromState(state.words, state.position);
    generator.#cachedNormal = state.cachedNormal;
    return generator;
  }

  state(): TorchGeneratorState {
    return { ...this.#engine.state(), cachedNormal: this.#cachedNormal };
  }

  /** `torch.randn(count)`: standard normals. */
  randn(count: number): Float32Array<ArrayBuffer> {
    const values = new Float32Array(count);
    if (count < blockSize) {
      for (let i = 0; i < count; i++) values[i] = this.#nextNormal();
      return values;
    }
    this.#fillUniform(values);
    for (let start = 0; start + blockSize <= count; start += blockSize) {
      blockToNormals(values.subarray(start, start + blockSize));
    }
    if (count % blockSize !== 0) {
      // torch draws the last 16 again, over normals already made: drawing 20 is not drawing 16 and 4.
      const tail = values.subarray(count - blockSize);
      this.#fillUniform(tail);
      blockToNormals(tail);
    }
    return values;
  }

  /** `torch.rand(count)`: uniform in [0, 1), multiples of 2^-24. */
  rand(count: number): Float32Array<ArrayBuffer> {
    const values = new Float32Array(count);
    this.#fillUniform(values);
    return values;
  }

  /** `torch.randint(low, high, (count,))`: integers from `low` up to but without `high`. */
  randint(low: number, high: number, count: number): Int32Array<ArrayBuffer> {
    const range = high - low;
    invariant(
      Number.isInteger(low) && Number.isInteger(high) && range > 0 && range <= 2 ** 32,
      `randint(${low}, ${high}) needs integers with low < high`,
    );
    const values = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const offset =
        range < wideRange ? this.#engine.next() % range : Number(this.#nextWide() % BigInt(range));
      values[i] = low + offset;
    }
    return values;
  }

  /** `torch.randperm(count)`: a random order of 0 … count - 1. */
  randperm(count: number): Int32Array<ArrayBuffer> {
    const order = Int32Array.from({ length: count }, (_, i) => i);
    for (let i = 0; i < count - 1; i++) {
      const j = i + (this.#engine.next() % (count - i));
      const [a = 0, b = 0] = [order[i], order[j]];
      order[i] = b;
      order[j] = a;
    }
    return order;
  }

  #fillUniform(values: Float32Array): void {
    for (let i = 0; i < values.length; i++) values[i] = (this.#engine.next() & 0xffffff) * 2 ** -24;
  }

  /** 64 random bits, the first word on top. */
  #nextWide(): bigint {
    const high = BigInt(this.#engine.next());
    return (high << 32n) | BigInt(this.#engine.next());
  }

  /** Uniform in [0, 1) with 53 bits. */
  #nextDouble(): number {
    return Number(BigInt.asUintN(53, this.#nextWide())) * 2 ** -53;
  }

  /** One normal in double precision (Box-Muller); the second of each pair waits for the next call. */
  #nextNormal(): number {
    if (this.#cachedNormal !== null) {
      const cached = this.#cachedNormal;
      this.#cachedNormal = null;
      return cached;
    }
    const angle = 2 * Math.PI * this.#nextDouble();
    const radius = Math.sqrt(-2 * Math.log1p(-this.#nextDouble()));
    this.#cachedNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/** Box-Muller over 16 uniforms in place, rounding to float32 where torch does. */
function blockToNormals(block: Float32Array): void {
  for (let i = 0; i < halfBlock; i++) {
    const complement = 1 - (block[i] ?? 0); // in (0, 1], so that its logarithm is finite
    const radius = Math.fround(Math.sqrt(Math.fround(-2 * Math.fround(Math.log(complement)))));
    const angle = Math.fround(twoPi * (block[i + halfBlock] ?? 0));
    block[i] = radius * Math.fround(Math.cos(angle));
    block[i + halfBlock] = radius * Math.fround(Math.sin(angle));
  }
}
