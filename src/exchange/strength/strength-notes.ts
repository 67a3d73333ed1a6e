/** @file What is to be said of the strengths in a file, once for all modules that it is true of. */

/** Collects what is to be said of strengths, once for all modules that it is true of. */
export class StrengthNotes {
  readonly #found = new Map<string, { readonly text: string; readonly modules: string[] }>();

  /** @param kind equal for what is said once */
  add(kind: string, text: string, module: string): void {
    const known = this.#found.get(kind) ?? { text, modules: [] };
    known.modules.push(module);
    this.#found.set(kind, known);
  }

  /** One sentence each. */
  lines(where: string): readonly string[] {
    return [...this.#found.values()].map(({ text, modules }) => {
      const count = modules.length === 1 ? '1 module' : `${modules.length} modules`;
      return `${where}: ${text} (${count}, such as "${modules[0]}")`;
    });
  }
}
