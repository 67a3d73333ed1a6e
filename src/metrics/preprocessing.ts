/** @file How an encoder wants its pictures, as far as preprocessor_config.json says it. */
import * as z from 'zod';
import { ModelError } from '../base/errors.ts';
import { schemaProblems } from '../base/messages/schema-problems.ts';
import type { Transform } from '../data/transforms.ts';
import { join } from '../platform/paths.ts';
import { readJsonIfPresent } from '../storage/files/json-file.ts';

const rgb = z.tuple([z.number(), z.number(), z.number()]).readonly();
const schema = z.looseObject({ image_mean: rgb.optional(), image_std: rgb.optional() });

/**
 * Mean and deviation that an encoder's pictures are normalised with; nothing where its folder does not say.
 *
 * @throws ModelError PREPROCESSOR
 */
export async function statedNormalisation(
  folder: string,
): Promise<Partial<Pick<Transform, 'mean' | 'deviation'>>> {
  const path = join(folder, 'preprocessor_config.json');
  const found = (await readJsonIfPresent(path, 'picture processor')) ?? {};
  const parsed = schema.safeParse(found);
  if (!parsed.success) {
    throw new ModelError('PREPROCESSOR', `${path}: ${schemaProblems(schema, found, parsed.error)}`);
  }
  const { image_mean: mean, image_std: deviation } = parsed.data;
  return { ...(mean && { mean }), ...(deviation && { deviation }) };
}
