/** @file Loaded networks, lent to what computes with them: opened for each use, or kept for the next. */

/** What tells one network from another: texts and numbers by value, adapters by identity. */
export type NetworkKey = readonly (string | number | undefined | object)[];

/** Whoever has networks. */
export interface Networks {
  /** Lends a network for as long as `work` takes, opening it where it is not there. */
  use<Network extends AsyncDisposable, Result>(
    key: NetworkKey,
    open: () => Promise<Network>,
    work: (network: Network) => Promise<Result>,
  ): Promise<Result>;
}

/** Opens a network for each use: only what computes is in memory. */
export const openedPerUse: Networks = {
  async use(_key, open, work) {
    await using network = await open();
    return await work(network);
  },
};

interface Kept {
  readonly network: AsyncDisposable;
  users: number;
}

/** Keeps networks for the next use, at most so many; where another is wanted, the one used longest ago is closed. */
export class KeptNetworks implements Networks {
  readonly #limit: number;
  /** By key, the one that was used last at the end. */
  readonly #kept = new Map<string, Kept>();
  readonly #names = new WeakMap<object, number>();
  #named = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async use<Network extends AsyncDisposable, Result>(
    key: NetworkKey,
    open: () => Promise<Network>,
    work: (network: Network) => Promise<Result>,
  ): Promise<Result> {
    const name = JSON.stringify(key.map((part) => this.#nameOf(part)));
    const kept = this.#kept.get(name) ?? (await this.#opened(open));
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    kept.users += 1;
    try {
      // The key says what was opened.
      return await work(kept.network as Network);
    } finally {
      kept.users -= 1;
    }
  }

  async #opened(open: () => Promise<AsyncDisposable>): Promise<Kept> {
    for (const [name, { network, users }] of this.#kept) {
      if (this.#kept.size < this.#limit) break;
      if (users > 0) continue;
      this.#kept.delete(name);
      await network[Symbol.asyncDispose]();
    }
    return { network: await open(), users: 0 };
  }

  #nameOf(part: NetworkKey[number]): unknown {
    if (typeof part !== 'object') return part ?? null;
    const known = this.#names.get(part);
    if (known !== undefined) return [known];
    this.#named += 1;
    this.#names.set(part, this.#named);
    return [this.#named];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { network } of this.#kept.values()) await network[Symbol.asyncDispose]();
    this.#kept.clear();
  }
}
