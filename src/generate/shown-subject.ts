/** @file A subject that pictures show, to be drawn without training: read, seen by the base's Q-former, and made a word. */
import { ConfigError } from '../base/errors.ts';
import { hasSubjectPlace } from '../base/subject-template.ts';
import { decodeImage, type PicturesByName } from '../data/image.ts';
import type { TrainedAdapter } from '../pipeline/adapters/trained-adapter.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { contextVectors, requireSeeing } from '../pipeline/subject/context-vectors.ts';
import { subjectWord } from '../pipeline/subject/subject-word.ts';
import { readBytes } from '../storage/files/binary-file.ts';
import type { GenerateConfig, GenerateOptions } from './generate-options.ts';

/** What prompts may say for the pictures alone: "a <subject> teapot" is a teapot that looks like them. */
export const shownToken = '<subject>';

/** What was seen in pictures, as an adapter that is one word, and how prompts say it. */
export interface ShownWord extends TrainedAdapter {
  readonly training: { readonly subject: string };
}

/**
 * Refuses pictures of a subject without its name, and a name without pictures.
 *
 * @throws ConfigError NO_SUBJECT_PICTURE, NO_SUBJECT_NAME
 */
export function requireNamedSubject({ subjectPicture = [], subject }: GenerateOptions): void {
  const isShown = subjectPicture.length > 0;
  if (isShown === (subject !== undefined)) return;
  throw isShown
    ? new ConfigError(
        'NO_SUBJECT_NAME',
        'subject: expected what `subjectPicture` shows, such as "dog", got nothing; the model looks for what it is told',
      )
    : new ConfigError(
        'NO_SUBJECT_PICTURE',
        `\`subject\` is what a picture shows, "${subject}", and there is none; add \`subjectPicture\`, or leave \`subject\` out`,
      );
}

/**
 * The word for what pictures show; undefined where none are given.
 *
 * @param templates the prompts as they were asked for
 * @throws ModelError NO_QFORMER where the base does not see subjects
 * @throws ConfigError SUBJECT_NOT_IN_PROMPT, SUBJECT_TOO_LONG; DataError IMAGE_UNREADABLE
 */
export async function showSubject(
  base: BaseModel,
  { subjectPicture, subject }: Pick<GenerateConfig, 'subjectPicture' | 'subject'>,
  {
    pictures = new Map(),
    templates,
  }: { readonly pictures?: PicturesByName | undefined; readonly templates: readonly string[] },
): Promise<ShownWord | undefined> {
  if (subjectPicture.length === 0 || subject === undefined) return undefined;
  const seeing = requireSeeing(base);
  const silent = templates.find((each) => !hasSubjectPlace(each) && !each.includes(shownToken));
  if (silent !== undefined) {
    throw new ConfigError(
      'SUBJECT_NOT_IN_PROMPT',
      `prompt: "${silent}" does not say where the subject of the pictures stands; write {subject}, such as "a {subject} on the beach", or leave \`subjectPicture\` out`,
    );
  }
  const images = [];
  for (const name of subjectPicture) {
    images.push(await decodeImage(pictures.get(name) ?? (await readBytes(name)), name));
  }
  const context = await contextVectors(seeing, { pictures: images, name: subject });
  const word = subjectWord(seeing, shownToken, context);
  return { ...word, training: { subject: `${shownToken} ${subject}` } };
}
