/** @file Evaluates pictures that exist, of any tool: in folders, or given by a program. */
import { ConfigError, DataError } from '../../base/errors.ts';
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
import {
  type Evaluated,
  type Evaluation,
  evaluationOf,
  type Findings,
  type GivenPictures,
  requireReplaceable,
  writeEvaluation,
} from './evaluation.ts';
import { openPromptLists, subjectTypeOf } from './evaluation-prompts.ts';
import { findJudges, openJudges } from './judges.ts';
import { numberedPictures } from './numbered-folders.ts';

/** A subject and its real pictures. */
interface RealSubject {
  readonly name: string;
  readonly words: SubjectWords;
  readonly type: SubjectType;
  /** Files of the real pictures. */
  readonly real: readonly string[];
}

/** A subject whose pictures lie in a folder with one folder for each prompt. */
interface PictureFolder extends RealSubject {
  readonly folder: string;
}

type Note = (message: string) => void;

/**
 * Scores the pictures of one subject, or of several, and writes `evaluation.json` beside them.
 *
 * @throws ConfigError where a setting lacks; DataError PICTURES_MISSING or PICTURES_TOO_MANY where a prompt's folder does
 */
export async function evaluatePictures(
  options: EvaluateOptions,
  host: EvaluateHost,
): Promise<Evaluated> {
  const config = resolveEvaluation(options, 'pictures');
  const { pictures: folder } = config;
  if (folder === undefined) {
    throw new ConfigError(
      'NOTHING_TO_EVALUATE',
      'expected a run folder, or `pictures` with the pictures of another tool, got neither',
    );
  }
  await requireReplaceable(folder);
  const lists = await openPromptLists(config.prompts, config.subjects === 'pocket');
  const note = noteTo(host);
  const folders = await picturesOf(config, folder, { note, real: host.given?.real });
  const subjects: SubjectPictures[] = [];
  for (const each of folders) subjects.push(await byPrompt(each, lists, note));
  return await writeEvaluation(folder, await findingsOf(config, subjects, host));
}

/**
 * Scores pictures of one subject that a program gives.
 *
 * @throws ConfigError where a setting lacks; DataError PICTURES_MISSING or PICTURES_TOO_MANY where not every prompt has some
 */
export async function evaluateGiven(
  options: EvaluateOptions,
  made: readonly (readonly string[])[],
  host: EvaluateHost,
): Promise<Evaluation> {
  const config = resolveEvaluation(options, 'pictures');
  if (config.subjects !== undefined) {
    throw new ConfigError(
      'SETTING_UNUSED',
      'subjects: lists subjects whose pictures lie in folders, and `pictures` are those of one; give their folder, or leave it out',
    );
  }
  const subject = await oneSubject(config, { note: noteTo(host), real: host.given?.real });
  const templates = (await openPromptLists(config.prompts, false))[subject.type];
  if (made.length !== templates.length) {
    throw new DataError(
      made.length < templates.length ? 'PICTURES_MISSING' : 'PICTURES_TOO_MANY',
      `pictures: expected those of each of ${templates.length} prompts, in their order, found those of ${made.length}; give the prompts that the pictures were made with`,
    );
  }
  return evaluationOf(await findingsOf(config, [promptsOf(subject, templates, made)], host));
}

const noteTo =
  ({ listener }: EvaluateHost): Note =>
  (message) =>
    listener?.({ type: 'note', message });

async function findingsOf(
  config: EvaluateConfig,
  subjects: readonly SubjectPictures[],
  { hub = {}, listener, signal, given }: EvaluateHost,
): Promise<Findings> {
  const { seed, device } = config;
  const found = await findJudges(config, config.subjects === 'pocket', hub);
  await using judges = await openJudges(found, device);
  const total = subjects.reduce((sum, { prompts }) => sum + prompts.length, 0);
  const scores: SubjectScores[] = [];
  let done = 0;
  for (const subject of subjects) {
    const onPrompt = () => {
      signal?.throwIfAborted();
      done += 1;
      listener?.({ type: 'scoring', done, total });
    };
    scores.push(await scoreSubject(judges, { ...subject, given: given?.bytes }, onPrompt));
  }
  return { judges: found, seed, scores };
}

/** The real pictures that were given, if any, and who hears what is left out of a folder. */
interface RealPictures extends Pick<GivenPictures, 'real'> {
  readonly note: Note;
}

async function picturesOf(
  config: EvaluateConfig,
  folder: string,
  given: RealPictures,
): Promise<readonly PictureFolder[]> {
  const { subjects } = config;
  if (subjects !== undefined) {
    const listed =
      subjects === 'pocket'
        ? (await openPocketBench()).subjects
        : await withPictures(await readSubjectsFile(subjects), given.note);
    return listed.map(({ name, className, type: own, phrase, images: real }) => {
      const words = { phrase, className };
      return { name, words, type: own, real, folder: pathInside(folder, name, 'subject') };
    });
  }
  return [{ ...(await oneSubject(config, given)), folder }];
}

async function oneSubject(
  config: EvaluateConfig,
  { real: given, note }: RealPictures,
): Promise<RealSubject> {
  const { images, type } = config;
  const real = given ?? (images === undefined ? undefined : await pictureFiles(images, note));
  if (real === undefined) {
    throw new ConfigError(
      'IMAGES_MISSING',
      'images: expected the folder with the real pictures of the subject; give `images`, or `subjects` with a file of several',
    );
  }
  const words = wordsOf(config);
  const kind = type ?? (await subjectTypeOf(words.className));
  return { name: words.phrase, words, type: kind, real };
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
  { folder, ...subject }: PictureFolder,
  lists: PromptLists,
  note: Note,
): Promise<SubjectPictures> {
  const templates = lists[subject.type];
  return promptsOf(subject, templates, await numberedPictures(folder, templates, note));
}

function promptsOf(
  { name, words, real }: RealSubject,
  templates: readonly string[],
  files: readonly (readonly string[])[],
): SubjectPictures {
  const prompts = templates.map((template, i) => ({
    prompt: fillTemplate(template, words),
    files: required(files, i),
  }));
  return { subject: name, className: words.className, real, prompts };
}
