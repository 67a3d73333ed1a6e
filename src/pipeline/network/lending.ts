/** @file Loaded networks, lent to what computes with them: opened for each use, or kept for the next. */

/** What tells one network from another: texts and numbers by value, adapters by identity. */
export type NetworkKey = readonly (string | number | undefined | object)[];

/** Whoever has networks. */
export interface Networks {
  /** Whether a network is there already. */
  has(key: NetworkKey): boolean;
  /** Lends a network for as long as `work` takes, opening it where it is not there. */
  use<Network extends AsyncDisposable, Result>(
    key: NetworkKey,
    open: () => Promise<Network>,
    work: (network: Network) => Promise<Result>,
  ): Promise<Result>;
}

/** Opens a network for each use: only what computes is in memory. */
export const openedPerUse: Networks = {
  has: () => false,
  async use(_key, open, work) {
    await using network = await open();
    return await work(network);
  },
};

interface Kept {
  /** Pending while it is opened: whoever asks meanwhile waits for the same one. */
  readonly network: Promise<AsyncDisposable>;
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

  has(key: NetworkKey): boolean {
    return this.#kept.has(this.#keyText(key));
  }

  async use<Network extends AsyncDisposable, Result>(
    key: NetworkKey,
    open: () => Promise<Network>,
    work: (network: Network) => Promise<Result>,
  ): Promise<Result> {
    const name = this.#keyText(key);
    const kept = this.#kept.get(name) ?? this.#opening(name, open);
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    kept.users += 1;
    try {
      // The key says what was opened.
      return await work((await kept.network) as Network);
    } finally {
      kept.users -= 1;
    }
  }

  #opening(name: string, open: () => Promise<AsyncDisposable>): Kept {
    const kept = { network: this.#makeRoom().then(open), users: 0 };
    // What could not be opened is tried again by whoever asks next.
    kept.network.catch(() => {
      if (this.#kept.get(name) === kept) this.#kept.delete(name);
    });
    return kept;
  }

  /** Closes networks that nobody uses, so that one more is within the limit. */
  async #makeRoom(): Promise<void> {
    const idle = [...this.#kept].filter(([, { users }]) => users === 0);
    const leaving = idle.slice(0, Math.max(0, this.#kept.size + 1 - this.#limit));
    // All at once: whoever asks for one of them while another closes opens it anew.
    for (const [name] of leaving) this.#kept.delete(name);
    for (const [, { network }] of leaving) await (await network)[Symbol.asyncDispose]();
  }

  #keyText(key: NetworkKey): string {
    return JSON.stringify(key.map((part) => this.#nameOf(part)));
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
    const leaving = [...this.#kept.values()];
    this.#kept.clear();
    for (const { network } of leaving) await (await network)[Symbol.asyncDispose]();
  }
}
