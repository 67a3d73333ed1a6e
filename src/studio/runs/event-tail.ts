/** @file A file of events followed as it grows: what came since the last look, read once. */
import type * as z from 'zod';
import { FormatError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { Turns } from '../../base/turns.ts';
import { parseJson } from '../../formats/parse-json.ts';
import { decodeText } from '../../formats/text.ts';
import { open } from '../../platform/files.ts';
import { fileError, systemCodeOf } from '../../storage/file-errors.ts';

const lineBreak = 0x0a;

/** Bytes that are read at once. */
const most = 2 ** 22;

/** What a look at the file found. */
export interface Grown<Event> {
  /** Whether it is another file than the last time, or a shorter one: all before counts no more. */
  readonly isAnew: boolean;
  readonly events: readonly Event[];
}

/** Follows one file by its size: notifications of the system do not reach network disks and containers. */
export class EventTail<Event> {
  readonly #path: string;
  readonly #schema: z.ZodType<Event>;
  readonly #turns = new Turns(1);
  #inode = 0;
  /** After the last line break that was read. */
  #offset = 0;

  /** @param schema what each line has to be */
  constructor(path: string, schema: z.ZodType<Event>) {
    this.#path = path;
    this.#schema = schema;
  }

  /**
   * Hands over what came since the last time; several at once wait for each other. A line counts once its line break
   * is written.
   *
   * @throws FormatError JSON_LINES_INVALID, TEXT_ENCODING; SystemError where the file cannot be read
   */
  async follow(take: (grown: Grown<Event>) => void): Promise<void> {
    await this.#turns.take(async () => take(await this.#look()));
  }

  async #look(): Promise<Grown<Event>> {
    try {
      const handle = await open(this.#path, 'r');
      try {
        const { ino, size } = await handle.stat();
        const isAnew = ino !== this.#inode || size < this.#offset;
        if (isAnew) this.#offset = 0;
        this.#inode = ino;
        const events: Event[] = [];
        while (this.#offset < size) {
          const bytes = new Uint8Array(Math.min(most, size - this.#offset));
          const { bytesRead } = await handle.read(bytes, 0, bytes.length, this.#offset);
          const end = bytes.subarray(0, bytesRead).lastIndexOf(lineBreak) + 1;
          if (end === 0) break;
          events.push(...this.#eventsOf(decodeText(bytes.subarray(0, end), this.#path)));
          this.#offset += end;
        }
        return { isAnew, events };
      } finally {
        await handle.close();
      }
    } catch (cause) {
      if (systemCodeOf(cause) === 'ENOENT') return { isAnew: this.#forget(), events: [] };
      throw fileError('read', this.#path, cause);
    }
  }

  #forget(): boolean {
    const wasThere = this.#inode !== 0;
    this.#inode = 0;
    this.#offset = 0;
    return wasThere;
  }

  #eventsOf(text: string): Event[] {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const value = parseJson(line);
        const parsed = this.#schema.safeParse(value);
        if (parsed.success) return parsed.data;
        const problem = schemaProblems(this.#schema, value, parsed.error);
        throw new FormatError('JSON_LINES_INVALID', `${this.#path}: ${problem}; remove the line`);
      });
  }
}
