/** @file How a sweep was last begun, beside it. */
import * as z from 'zod';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readJsonIfPresent } from '../../storage/files/json-file.ts';

const schema = z.object({
  workers: z.number().int().positive(),
  device: z.string(),
  /** Where it waits for its device: since when, in milliseconds since 1970 began. */
  waiting: z.number().optional(),
  /** Its process, a moment later. */
  process: z.object({ machine: z.string(), pid: z.number(), start: z.number() }).optional(),
});

export type Begun = z.output<typeof schema>;

/** Undefined of one that was never begun here, or whose file says nothing. */
export async function readBegun(path: string): Promise<Begun | undefined> {
  const found = await readJsonIfPresent(path, 'how a sweep was begun').catch(() => undefined);
  const parsed = schema.safeParse(found);
  return parsed.success ? parsed.data : undefined;
}

export async function writeBegun(path: string, begun: Begun): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(begun)}\n`);
}
