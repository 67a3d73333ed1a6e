/** @file Evaluates pictures that exist, of any tool. */

import { ConfigError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import {
  fillTemplate,
  type PromptLists,
  type SubjectType,
  type SubjectWords,
} from '../../metrics/prompts.ts';
import {
  type SubjectPictures,
  type SubjectScores,
  scoreSubject,
} from '../../metrics/score-subject.ts';
import { pathInside } from '../../storage/files/path-inside.ts';
import { parseSubject } from '../../train/subject-phrase.ts';
import { pictureFiles } from '../benchmark/picture-files.ts';
import { openPocketBench } from '../benchmark/pocketbench.ts';
import { readSubjectsFile, withPictures } from '../benchmark/subjects-file.ts';
import {
  type EvaluateConfig,
  type EvaluateOptions,
  resolveEvaluation,
} from './evaluate-options.ts';
import type { EvaluateHost } from './evaluate-run.ts';
import { type Evaluated, requireReplaceable, writeEvaluation } from './evaluation.ts';
import { openPromptLists, subjectTypeOf } from './evaluation-prompts.ts';
import { findJudges, openJudges } from './judges.ts';
import { numberedPictures } from './numbered-folders.ts';

/** A subject whose pictures lie in a folder with one folder for each prompt. */
interface PictureFolder {
  readonly name: string;
  readonly words: SubjectWords;
  readonly type: SubjectType;
  /** Files of the real pictures. */
  readonly real: readonly string[];
  readonly folder: string;
}

/**
 * Scores the pictures of one subject, or of several, and writes `evaluation.json` beside them.
 *
 * @throws ConfigError where a setting lacks; DataError PICTURES_MISSING or PICTURES_TOO_MANY where a prompt's folder does
 */
export async function evaluatePictures(
  options: EvaluateOptions,
  { hub = {}, listener, signal }: EvaluateHost,
): Promise<Evaluated> {
  const config = resolveEvaluation(options, 'pictures');
  const { pictures: folder, seed } = config;
  if (folder === undefined) {
    throw new ConfigError(
      'NOTHING_TO_EVALUATE',
      'expected a run folder, or `pictures` with the pictures of another tool, got neither',
    );
  }
  await requireReplaceable(folder);
  const isPocket = config.subjects === 'pocket';
  const lists = await openPromptLists(config.prompts, isPocket);
  const note = (message: string) => listener?.({ type: 'note', message });
  const folders = await picturesOf(config, folder, note);
  const subjects: SubjectPictures[] = [];
  for (const each of folders) subjects.push(await byPrompt(each, lists, note));
  const found = await findJudges(config, isPocket, hub);
  await using judges = await openJudges(found, config.device);
  const total = subjects.reduce((sum, { prompts }) => sum + prompts.length, 0);
  const scores: SubjectScores[] = [];
  let done = 0;
  for (const subject of subjects) {
    const onPrompt = () => {
      signal?.throwIfAborted();
      done += 1;
      listener?.({ type: 'scoring', done, total });
    };
    scores.push(await scoreSubject(judges, subject, onPrompt));
  }
  return await writeEvaluation({ folder, judges: found, seed, scores });
}

async function picturesOf(
  config: EvaluateConfig,
  folder: string,
  note: (message: string) => void,
): Promise<readonly PictureFolder[]> {
  const { subjects, images, type } = config;
  if (subjects !== undefined) {
    const listed =
      subjects === 'pocket'
        ? (await openPocketBench()).subjects
        : await withPictures(await readSubjectsFile(subjects), note);
    return listed.map(({ name, className, type: own, phrase, images: real }) => {
      const words = { phrase, className };
      return { name, words, type: own, real, folder: pathInside(folder, name, 'subject') };
    });
  }
  if (images === undefined) {
    throw new ConfigError(
      'IMAGES_MISSING',
      'images: expected the folder with the real pictures of the subject; give `images`, or `subjects` with a file of several',
    );
  }
  const words = wordsOf(config);
  const real = await pictureFiles(images, note);
  const kind = type ?? (await subjectTypeOf(words.className));
  return [{ name: words.phrase, words, type: kind, real, folder }];
}

function wordsOf({ subject, class: className }: EvaluateConfig): SubjectWords {
  if (subject !== undefined) return parseSubject(subject, className);
  if (className !== undefined) return { phrase: className, className };
  throw new ConfigError(
    'SUBJECT_MISSING',
    'subject: expected `subject: sks dog` as the prompts were typed, or `class: dog` where the tool knows no rare word',
  );
}

/** The pictures of each prompt, in the folder that begins with its number. */
async function byPrompt(
  { name, words, type, real, folder }: PictureFolder,
  lists: PromptLists,
  note: (message: string) => void,
): Promise<SubjectPictures> {
  const templates = lists[type];
  const files = await numberedPictures(folder, templates, note);
  const prompts = templates.map((template, i) => ({
    prompt: fillTemplate(template, words),
    files: required(files, i),
  }));
  return { subject: name, real, prompts };
}
