/** @file Where results land, wherever they were found: a folder, or a bucket that many machines share. */

/** Files by name, each there whole or not at all. Names have forward slashes: `results/0f3a.json`. */
export interface ResultStore {
  /** As a user would name it. */
  readonly name: string;
  /** Undefined where there is none of that name. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Replaces what is there. */
  write(name: string, content: Uint8Array): Promise<void>;
  /** Names that begin with a prefix which ends in a slash, in order. */
  list(prefix: string): Promise<readonly string[]>;
}
