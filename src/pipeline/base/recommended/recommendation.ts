/** @file Settings that a base model recommends for itself, in a krona.json beside its model_index.json. */
import * as z from 'zod';
import { ConfigError } from '../../../base/errors.ts';
import { schemaProblems } from '../../../base/messages/schema-problems.ts';
import { join } from '../../../platform/paths.ts';
import { readJsonIfPresent } from '../../../storage/files/json-file.ts';

const settings = z.record(z.string(), z.unknown());

const schema = z.strictObject({
  name: z.string().optional(),
  train: settings.default({}),
  generate: settings.default({}),
  /** Options by adapter method. */
  adapters: z.record(z.string(), settings).default({}),
  /** Settings of training by adapter method. */
  methods: z.record(z.string(), settings).default({}),
});

export type Recommendation = z.output<typeof schema>;

/**
 * What BLIP-Diffusion's authors draw with: its context vectors outweigh a prompt that is read once (Li et al. 2023), and
 * have their one place in a text of one chunk.
 */
const ofSeeingModels = { promptRepeats: 20, promptSyntax: 'plain' };

/** The recommendation with what suits models that see subjects in pictures; what the model's own file says wins. */
export function forSeeingModel(own: Recommendation): Recommendation {
  return { ...own, generate: { ...ofSeeingModels, ...own.generate } };
}

/** The recommendation in a model folder; an empty one where there is no file. */
export async function readRecommendation(folder: string): Promise<Recommendation> {
  const path = join(folder, 'krona.json');
  const found = (await readJsonIfPresent(path, 'recommended settings')) ?? {};
  const parsed = schema.safeParse(found);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    'RECOMMENDATION',
    `${path}: ${schemaProblems(schema, found, parsed.error)}`,
  );
}
