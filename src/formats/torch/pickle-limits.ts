/** @file What a pickle may cost: its opcodes refer to earlier values, so that a small file can ask for endless work. */
import { FormatError } from '../../base/errors.ts';

/** Work for all of a pickle: that of a checkpoint with 10,000 tensors and its optimiser's state is a third of it. */
const mostWork = 2 ** 21;

/** What a dictionary or a call costs beside its items: about the memory of so many numbers. */
export const containerCost = 16;

/** Longer texts share their hashes in V8, and looking among many of them takes time without bound. */
const longestKey = 4096;

/** Counts the work that a pickle asks for. */
export class PickleBudget {
  readonly #where: string;
  #left = mostWork;

  constructor(where: string) {
    this.#where = where;
  }

  /** @throws FormatError PICKLE_TOO_LARGE where the pickle has asked for more than any checkpoint needs */
  spend(work: number): void {
    this.#left -= work;
    if (this.#left >= 0) return;
    throw new FormatError(
      'PICKLE_TOO_LARGE',
      `${this.#where}: the pickle builds more than ${mostWork} values, and no checkpoint of a model needs that many; it is damaged or made to use up memory: take the .safetensors file of the same model`,
    );
  }
}

/**
 * A key of a dictionary or a set; integers beyond 2⁵³, which share their hashes too, become texts.
 *
 * @throws FormatError PICKLE_MALFORMED where a text is too long to be a name
 */
export function hashableKey(value: unknown, where: string): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'string' || value.length <= longestKey) return value;
  throw new FormatError(
    'PICKLE_MALFORMED',
    `${where}: the pickle has a name of ${value.length} characters, expected at most ${longestKey}; the file is damaged, download it again`,
  );
}
