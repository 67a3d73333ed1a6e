/** @file Further subjects of a run, and what each subject of a run is told: what it does not say itself is as of the run. */
import * as z from 'zod';
import { ConfigError } from '../../base/errors.ts';

const positive = z.number().int().positive();
const folder = { placeholder: 'dir' };

/** A subject beside the first. */
export const conceptSchema = z.strictObject({
  images: z.string().min(1).meta(folder),
  subject: z.string(),
  class: z.string().optional(),
  prompt: z.string().optional(),
  captions: z.boolean().optional(),
  repeats: positive.max(10_000).optional(),
  tokenVectors: positive.max(1000).optional(),
  initialWord: z.string().optional(),
  priorImages: z.string().min(1).optional().meta(folder),
  priorCount: positive.max(100_000).optional(),
  validationImages: z.string().min(1).optional().meta(folder),
});

/** A subject of a run, with its pictures and texts. */
export interface ConceptSettings {
  readonly images: string;
  readonly subject: string;
  readonly class?: string | undefined;
  readonly prompt: string;
  readonly captions: boolean;
  readonly repeats: number;
  readonly tokenVectors: number;
  readonly initialWord?: string | undefined;
  /** Folder of pictures of its class. */
  readonly priorImages?: string | undefined;
  /** Of them, those that the base draws. */
  readonly priorCount?: number | undefined;
  /** Folder of other pictures of it, on which the loss is measured. */
  readonly validationImages?: string | undefined;
}

/** The first subject's settings, and the further ones as they are given. */
interface Given extends ConceptSettings {
  readonly concept?: readonly z.output<typeof conceptSchema>[] | undefined;
}

/** All subjects of a run: its own, then the further ones. */
export function conceptsOf(config: Given): readonly ConceptSettings[] {
  const { images, subject, prompt, captions, repeats, tokenVectors, priorCount } = config;
  const { class: className, initialWord, priorImages, validationImages } = config;
  const { concept: further = [] } = config;
  const common = { prompt, captions, repeats, tokenVectors };
  const prior = { priorImages, priorCount };
  const first = { images, subject, class: className, initialWord, ...prior, validationImages };
  return [
    { ...common, ...first },
    ...further.map((own) => ({
      ...own,
      prompt: own.prompt ?? prompt,
      captions: own.captions ?? captions,
      repeats: own.repeats ?? repeats,
      tokenVectors: own.tokenVectors ?? tokenVectors,
      // What a folder holds need not be drawn.
      priorCount: own.priorCount ?? (own.priorImages === undefined ? priorCount : undefined),
    })),
  ];
}

/** Whether a run has prior preservation. */
export function hasPrior(config: Given): boolean {
  return conceptsOf(config).some(isPreserved);
}

/** Whether the loss is measured on pictures that are not trained on. */
export function hasHeldOut(config: Given): boolean {
  return conceptsOf(config).some(({ validationImages }) => validationImages !== undefined);
}

function isPreserved({ priorImages, priorCount }: ConceptSettings): boolean {
  return priorImages !== undefined || priorCount !== undefined;
}

/**
 * Refuses pictures of a class that are given twice, or not for every subject.
 *
 * @throws ConfigError PRIOR_TWICE, PRIOR_OF_SOME
 */
export function requirePriors(config: Given): void {
  const concepts = conceptsOf(config);
  for (const [i, { priorImages, priorCount }] of concepts.entries()) {
    if (priorImages === undefined || priorCount === undefined) continue;
    throw new ConfigError(
      'PRIOR_TWICE',
      `${settingPlace(i)}priorCount: ${priorCount} pictures are drawn only where there is no folder of them, got priorImages "${priorImages}" as well; give one of the two`,
    );
  }
  const lacking = concepts.findIndex((each) => !isPreserved(each));
  if (lacking === -1 || !concepts.some(isPreserved)) return;
  throw new ConfigError(
    'PRIOR_OF_SOME',
    `${settingPlace(lacking)}priorImages: prior preservation needs pictures of the class of every subject, and "${concepts[lacking]?.subject}" has none; give a folder of them, or \`priorCount\`, or leave those of the others out`,
  );
}

/** Where a setting of a subject stands, for messages that go on with its name. */
export function settingPlace(index: number): string {
  return index === 0 ? '' : `concept ${index}: `;
}
