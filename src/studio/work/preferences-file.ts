/** @file What the person prefers, in studio.json of the work folder. */
import * as z from 'zod';
import { Turns } from '../../base/turns.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readJsonIfPresent } from '../../storage/files/json-file.ts';
import type { Preferences } from '../interface/machine-operations.ts';

/** What may be changed, each by itself. */
export const preferencesSchema = z.strictObject({
  language: z.enum(['system', 'en', 'de']).exactOptional(),
  theme: z.enum(['system', 'light', 'dark']).exactOptional(),
  shortcuts: z.boolean().exactOptional(),
});

const usual: Preferences = { language: 'system', theme: 'system', shortcuts: true };

/** Preferences that outlive the server and are the same in every browser. */
export class PreferencesFile {
  readonly #path: string;
  /** Changes wait for each other, so that none is lost. */
  readonly #turns = new Turns(1);

  constructor(path: string) {
    this.#path = path;
  }

  /** What is kept; the usual where there is nothing, or nothing sound: a preference is no reason to refuse work. */
  async read(): Promise<Preferences> {
    const found = await readJsonIfPresent(this.#path, 'preferences').catch(() => undefined);
    const parsed = preferencesSchema.safeParse(found);
    return { ...usual, ...(parsed.success ? parsed.data : {}) };
  }

  /** Keeps changes and returns the whole. */
  async change(changes: Partial<Preferences>): Promise<Preferences> {
    return await this.#turns.take(async () => {
      const whole = { ...(await this.read()), ...changes };
      await writeFileAtomic(this.#path, `${JSON.stringify(whole, undefined, 2)}\n`);
      return whole;
    });
  }
}
