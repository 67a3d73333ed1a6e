/** @file The subjects of a run as an evaluation asks for them: prompts of each, and its real pictures. */
import { ConfigError } from '../../base/errors.ts';
import type { Listener } from '../../base/listener.ts';
import { type EvaluationPrompt, fillTemplate } from '../../metrics/prompts.ts';
import { readPictures } from '../../metrics/scored-pictures.ts';
import { join } from '../../platform/paths.ts';
import type { RunRecord } from '../../train/folder/run-folder.ts';
import { conceptsOf } from '../../train/settings/concept-settings.ts';
import { parseSubject, type Subject } from '../../train/subject-phrase.ts';
import { pictureFiles } from '../benchmark/picture-files.ts';
import type { EvaluateConfig, EvaluateEvent } from './evaluate-options.ts';
import type { GivenPictures } from './evaluation.ts';
import { openPromptLists, subjectTypeOf } from './evaluation-prompts.ts';

/** A subject of a run, with what it is asked for and compared with. */
export interface RunSubject extends Subject {
  readonly prompts: readonly EvaluationPrompt[];
  /** Files, each of which can be read. */
  readonly real: readonly string[];
}

interface Surroundings {
  readonly listener?: Listener<EvaluateEvent> | undefined;
  readonly given?: GivenPictures | undefined;
}

/**
 * All subjects of a run, its first one first.
 *
 * @throws ConfigError IMAGES_OF_SEVERAL, PROMPTS_MISSING; DataError where pictures are missing or cannot be read
 */
export async function runSubjects(
  config: EvaluateConfig,
  record: RunRecord,
  surroundings: Surroundings,
): Promise<readonly RunSubject[]> {
  const concepts = conceptsOf(record.config);
  const isGiven = config.images !== undefined || surroundings.given?.real !== undefined;
  if (concepts.length > 1 && isGiven) {
    throw new ConfigError(
      'IMAGES_OF_SEVERAL',
      `images: the run has ${concepts.length} subjects, each of which is compared with the pictures that it was trained on, got other ones for all of them; leave \`images\` out`,
    );
  }
  const lists = await openPromptLists(config.prompts, record.base.name === 'pocket');
  const subjects: RunSubject[] = [];
  for (const [i, { subject: phrase, class: className, images }] of concepts.entries()) {
    const subject = parseSubject(phrase, className);
    const templates = lists[config.type ?? (await subjectTypeOf(subject.className))];
    const trained =
      i === 0
        ? record.images.map((name) => join(images, name))
        : await listed(images, surroundings);
    subjects.push({
      ...subject,
      prompts: templates.map((template) => fillTemplate(template, subject)),
      real: await realPictures(config, trained, surroundings),
    });
  }
  return subjects;
}

async function realPictures(
  { images }: EvaluateConfig,
  trained: readonly string[],
  surroundings: Surroundings,
): Promise<readonly string[]> {
  const { given } = surroundings;
  const files =
    given?.real ?? (images === undefined ? trained : await listed(images, surroundings));
  await readPictures(files, given?.bytes);
  return files;
}

async function listed(folder: string, { listener }: Surroundings): Promise<readonly string[]> {
  return await pictureFiles(folder, (message) => listener?.({ type: 'note', message }));
}
