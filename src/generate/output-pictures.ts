/** @file Pictures in a folder that may have some already: they are numbered on, and none is replaced. */
import { SystemError } from '../base/errors.ts';
import { join } from '../platform/paths.ts';
import { writeNewFile } from '../storage/files/atomic-file.ts';
import { createFolder, namesIn } from '../storage/files/folders.ts';

/** `0001-seed0.png`, or the sheet of the pictures from there, `sheet-0001.png` and `sheet-0001-2.png`. */
const numbered = /^(?:(\d+)-seed|sheet-(\d+))/;

const digits = (number: number): string => String(number).padStart(4, '0');

/**
 * Writes the pictures of a request and their sheet, each under a name that is free at that moment: others may be
 * writing into the folder too.
 */
export class OutputPictures {
  readonly #folder: string;
  #next: number;
  #first: number | undefined;

  private constructor(folder: string, next: number) {
    this.#folder = folder;
    this.#next = next;
  }

  /** Makes the folder where there is none. Numbers go on after the largest that a name in it has. */
  static async in(folder: string): Promise<OutputPictures> {
    await createFolder(folder);
    const names = await namesIn(folder);
    const numbers = names.map((name) => {
      const [, picture, sheet] = numbered.exec(name) ?? [];
      return Number(picture ?? sheet ?? 0);
    });
    return new OutputPictures(
      folder,
      numbers.reduce((most, number) => Math.max(most, number), 0) + 1,
    );
  }

  /**
   * Writes the next picture, `0001-seed0.png`.
   *
   * @returns its path
   */
  async write(seed: number, png: Uint8Array): Promise<string> {
    for (;;) {
      const number = this.#next;
      this.#next += 1;
      const path = await this.#writeIfFree(`${digits(number)}-seed${seed}.png`, png);
      if (path === undefined) continue;
      this.#first ??= number;
      return path;
    }
  }

  /**
   * Writes the sheet: `sheet.png`; where there is one already, `sheet-0005.png` after the first of its pictures.
   *
   * @returns its path
   */
  async writeSheet(png: Uint8Array): Promise<string> {
    const own = `sheet-${digits(this.#first ?? this.#next)}`;
    for (let copy = 0; ; copy++) {
      const name = copy === 0 ? 'sheet' : copy === 1 ? own : `${own}-${copy}`;
      const path = await this.#writeIfFree(`${name}.png`, png);
      if (path !== undefined) return path;
    }
  }

  async #writeIfFree(name: string, content: Uint8Array): Promise<string | undefined> {
    const path = join(this.#folder, name);
    try {
      await writeNewFile(path, content);
      return path;
    } catch (error) {
      if (error instanceof SystemError && error.code === 'FILE_EXISTS') return undefined;
      throw error;
    }
  }
}
