/** @file Drawings that have not ended, a file each in the work folder: those that wait when the server ends wait on at its next start. */
import * as z from 'zod';
import { join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { createFolder, namesIn, removeFile } from '../../storage/files/folders.ts';
import { readJsonIfPresent } from '../../storage/files/json-file.ts';
import { isLiving, thisProcess } from '../../storage/process-identity.ts';
import type { DrawRequest } from '../interface/drawing-operations.ts';
import type { PictureId } from '../interface/operation-shapes.ts';
import { drawSchema } from '../operations/drawings/drawing-input.ts';

const schema = z.object({
  request: drawSchema,
  /** The server that it waits in. */
  server: z.object({ machine: z.string(), pid: z.number(), start: z.number() }),
  total: z.number(),
  isBegun: z.boolean(),
  pictures: z.array(z.string()).readonly(),
});

/** What its file says of a drawing. */
export interface KeptDrawing {
  readonly request: DrawRequest;
  /** Pictures that it asks for. */
  readonly total: number;
  readonly isBegun: boolean;
  /** Drawn already. */
  readonly pictures: readonly PictureId[];
}

const ending = '.json';

export class DrawingLine {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async keep(id: string, { request, total, isBegun, pictures }: KeptDrawing): Promise<void> {
    await createFolder(this.#folder);
    const kept = { request, server: thisProcess(), total, isBegun, pictures };
    await writeFileAtomic(this.#pathOf(id), `${JSON.stringify(kept)}\n`);
  }

  async remove(id: string): Promise<void> {
    await removeFile(this.#pathOf(id));
  }

  /** Drawings of servers that are gone, the first asked for first; what is no such file is left alone. */
  async left(): Promise<readonly (KeptDrawing & { readonly id: string })[]> {
    const names = await namesIn(this.#folder).catch((): readonly string[] => []);
    const ids = names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -5));
    const found = await Promise.all(
      ids.map(async (id) => {
        const read = await readJsonIfPresent(this.#pathOf(id), 'drawing').catch(() => undefined);
        const parsed = schema.safeParse(read);
        if (!parsed.success) return undefined;
        const { server, ...kept } = parsed.data;
        const isElsewhere = server.pid !== thisProcess().pid && isLiving(server) !== false;
        return isElsewhere ? undefined : { id, ...kept };
      }),
    );
    return found.filter((kept) => kept !== undefined).sort((a, b) => compareIds(a.id, b.id));
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}${ending}`);
  }
}

/** The id of a drawing, which says when it was asked for. @param now milliseconds since 1970 began */
export function drawingId(now: number, count: number): string {
  return `${now.toString(36)}-${count}`;
}

function compareIds(a: string, b: string): number {
  const [timeA = 0, countA = 0] = a.split('-').map((part, n) => Number.parseInt(part, n ? 10 : 36));
  const [timeB = 0, countB = 0] = b.split('-').map((part, n) => Number.parseInt(part, n ? 10 : 36));
  return timeA - timeB || countA - countB;
}
