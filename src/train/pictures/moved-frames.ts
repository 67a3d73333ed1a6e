/** @file Pictures whose trained part is not their middle, as the `dataset.json` of their folder says. */
import * as z from 'zod';
import { FormatError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import type { Place } from '../../data/cover.ts';
import { join } from '../../platform/paths.ts';
import { readJsonIfPresent } from '../../storage/files/json-file.ts';

/** What is said of a folder of pictures, beside them. */
export const setFile = 'dataset.json';

const share = z.number().min(0).max(1);

/** What stands in the middle of the frame, by the picture's name relative to the folder. */
export const framesSchema = z.record(
  z.string().max(400),
  z.strictObject({ x: share, y: share }).readonly(),
);

export type Frames = Readonly<Record<string, Place>>;

const schema = z.object({ frames: framesSchema.optional() });

/**
 * The frames of a folder's pictures; none where it says nothing of them. A file of that name may be another tool's.
 *
 * @throws FormatError FRAMES_INVALID
 */
export async function movedFrames(folder: string): Promise<Frames> {
  const path = join(folder, setFile);
  const found = await readJsonIfPresent(path, 'data set').catch((error) => {
    if (error instanceof FormatError) return undefined;
    throw error;
  });
  if (typeof found !== 'object' || found === null || !('frames' in found)) return {};
  const parsed = schema.safeParse(found);
  if (parsed.success) return parsed.data.frames ?? {};
  throw new FormatError(
    'FRAMES_INVALID',
    `${path}: ${schemaProblems(schema, found, parsed.error)}; correct it, or remove \`frames\` to train on the middles`,
  );
}

/** Of one picture; undefined for its middle. */
export function frameOf(frames: Frames, name: string): Place | undefined {
  const posix = name.replaceAll('\\', '/');
  return Object.hasOwn(frames, posix) ? frames[posix] : undefined;
}
