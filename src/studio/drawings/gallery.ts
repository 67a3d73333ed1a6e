/** @file The gallery: pictures in one folder, each with its settings inside; nothing of them is stored beside but the stars. */
import * as z from 'zod';
import { FormatError } from '../../base/errors.ts';
import { Turns } from '../../base/turns.ts';
import { parseJson } from '../../formats/parse-json.ts';
import { type PngHead, readPngHead } from '../../formats/png/png-text.ts';
import { OutputPictures } from '../../generate/output-pictures.ts';
import { stat } from '../../platform/files.ts';
import { basename, join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { readRange, withFile } from '../../storage/files/file-range.ts';
import { namesIn, removeFile } from '../../storage/files/folders.ts';
import { readJsonIfPresent } from '../../storage/files/json-file.ts';
import type { DrawnEntry } from '../interface/drawing-operations.ts';
import type { PictureId } from '../interface/operation-shapes.ts';
import { partsOfPictureId, pictureId } from '../pictures/picture-id.ts';
import { notHere } from '../work/not-here.ts';
import type { WorkFolder } from '../work/work-folder.ts';

/** Bytes at the beginning of a picture in which its settings mostly lie. */
const headBytes = 65_536;
const drawnName = /^\d+-seed\d+\.png$/;
const starsName = 'stars.json';

/** Of the settings that `generate` writes, what a gallery shows. */
const settingsSchema = z.object({
  prompt: z.string(),
  seed: z.number(),
  base: z.string(),
  adapters: z.array(z.object({ file: z.string(), strength: z.number() })).default([]),
});
const starsSchema = z.array(z.string());

/** Which pictures to list. */
export interface GalleryQuery {
  /** Goes on after this one. */
  readonly after?: PictureId;
  readonly count: number;
  /** Whether an adapter that was used is meant, by what the settings call it. */
  readonly uses?: (adapter: string) => boolean;
  /** Part of the prompt. */
  readonly text?: string;
  readonly starred?: boolean;
}

/** A picture as its file tells of it; its adapters as its settings call them. */
export type GalleryPicture = Omit<DrawnEntry, 'run'>;
type Known = Omit<GalleryPicture, 'isStarred'>;

/** Pictures whose beginnings are read at once. */
const readAtOnce = 16;

export class Gallery {
  readonly #folder: string;
  /** What was read of each, by name: nothing writes a picture twice. */
  readonly #known = new Map<string, Known>();
  readonly #reading = new Turns(readAtOnce);
  #output: Promise<OutputPictures> | undefined;
  /** Marks wait for each other, so that none is lost. */
  readonly #marking = new Turns(1);

  constructor(work: WorkFolder) {
    this.#folder = work.pictures;
  }

  /** Keeps a picture and gives it an id. */
  async keep(png: Uint8Array, seed: number): Promise<PictureId> {
    this.#output ??= OutputPictures.in(this.#folder);
    return idOf(basename(await (await this.#output).write(seed, png)));
  }

  /** Pictures, the newest first, and how many match in all. */
  async list(query: GalleryQuery): Promise<{ entries: readonly GalleryPicture[]; total: number }> {
    const stars = await this.#stars();
    const names = (await this.#names()).reverse();
    const known = await Promise.all(
      names.map((name) => this.#reading.take(() => this.#look(name))),
    );
    const matching = known
      .filter((each) => each !== undefined)
      .map((each) => ({ ...each, isStarred: stars.has(each.picture) }))
      .filter((entry) => matches(entry, query));
    const after = query.after === undefined ? undefined : nameOf(query.after);
    // Also after one that was removed meanwhile.
    const rest =
      after === undefined
        ? matching
        : matching.filter(({ picture }) => inOrder(nameOf(picture), after) < 0);
    return { entries: rest.slice(0, query.count), total: matching.length };
  }

  /** The path of a picture. @throws ConfigError NOT_HERE */
  async pathOf(picture: PictureId): Promise<string> {
    const { kind, name = '' } = partsOfPictureId(picture) ?? {};
    const isThere = kind === drawnKind && (await this.#names()).includes(name);
    if (!isThere) throw notHere('picture', picture);
    return join(this.#folder, name);
  }

  /** @throws ConfigError NOT_HERE */
  async star(picture: PictureId, isStarred: boolean): Promise<void> {
    await this.pathOf(picture);
    await this.#mark(picture, isStarred);
  }

  /** @throws ConfigError NOT_HERE */
  async remove(picture: PictureId): Promise<void> {
    await removeFile(await this.pathOf(picture));
    this.#known.delete(nameOf(picture));
    if ((await this.#stars()).has(picture)) await this.#mark(picture, false);
  }

  async #mark(picture: PictureId, isStarred: boolean): Promise<void> {
    await this.#marking.take(async () => {
      const stars = await this.#stars();
      if (isStarred) stars.add(picture);
      else stars.delete(picture);
      await writeFileAtomic(join(this.#folder, starsName), `${JSON.stringify([...stars])}\n`);
    });
  }

  /** In the order in which they were drawn. */
  async #names(): Promise<string[]> {
    const names = (await namesIn(this.#folder)).filter((name) => drawnName.test(name));
    return names.sort(inOrder);
  }

  /** Undefined of a picture that is damaged, or none of ours. */
  async #look(name: string): Promise<Known | undefined> {
    const known = this.#known.get(name) ?? (await read(join(this.#folder, name), name));
    if (known !== undefined) this.#known.set(name, known);
    return known;
  }

  async #stars(): Promise<Set<string>> {
    const found = await readJsonIfPresent(join(this.#folder, starsName), 'stars of the gallery');
    return new Set(starsSchema.safeParse(found).data);
  }
}

/** Kind of the ids of pictures in the gallery. */
export const drawnKind = 'drawn';

function idOf(name: string): PictureId {
  return pictureId(drawnKind, '', name);
}

function nameOf(picture: PictureId): string {
  return partsOfPictureId(picture)?.name ?? '';
}

/** By the numbers that names begin with. */
function inOrder(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : Number(a > b));
}

async function read(path: string, name: string): Promise<Known | undefined> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) return undefined;
  try {
    const { width, height, entries } = await headOf(path, there.size);
    const settings = settingsSchema.safeParse(parseJson(entries.get('krona') ?? ''));
    if (!settings.success) return undefined;
    const { prompt, seed, base, adapters } = settings.data;
    const used = adapters.map(({ file, strength }) => ({ name: file, strength }));
    return {
      ...{ picture: idOf(name), width, height, prompt, seed, base, adapters: used },
      changed: there.mtimeMs,
    };
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

async function headOf(path: string, size: number): Promise<PngHead> {
  const length = Math.min(size, headBytes);
  const beginning = await withFile(
    path,
    async (handle) => await readRange(handle, 0, length, path),
  );
  try {
    return readPngHead(new Uint8Array(beginning), path);
  } catch (error) {
    // Settings may be longer than that.
    if (length === size || !(error instanceof FormatError)) throw error;
    return readPngHead(await readBytes(path), path);
  }
}

function matches(entry: GalleryPicture, { uses, text, starred }: GalleryQuery): boolean {
  if (uses !== undefined && !entry.adapters.some(({ name }) => uses(name))) return false;
  if (starred === true && !entry.isStarred) return false;
  return text === undefined || entry.prompt.toLowerCase().includes(text.toLowerCase());
}
