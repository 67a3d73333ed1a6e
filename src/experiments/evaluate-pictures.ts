/** @file Evaluates pictures that exist, of any tool. */
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError, DataError } from '../base/errors.ts';
import { listImageFolder } from '../data/image-folder.ts';
import { pocketSubjects } from '../data/pocket.ts';
import {
  fillTemplate,
  type PromptLists,
  type SubjectType,
  type SubjectWords,
  subjectTypes,
} from '../metrics/prompts.ts';
import {
  type SubjectPictures,
  type SubjectScores,
  scoreSubject,
} from '../metrics/score-subject.ts';
import { namesIn } from '../storage/folders.ts';
import { readJson } from '../storage/json-file.ts';
import { parseSubject } from '../train/config.ts';
import { type EvaluateConfig, type EvaluateOptions, resolveEvaluation } from './evaluate-config.ts';
import type { EvaluateHost } from './evaluate-run.ts';
import { type Evaluated, writeEvaluation } from './evaluation.ts';
import { openPromptLists, subjectTypeOf } from './evaluation-prompts.ts';
import { findJudges, withJudges } from './judges.ts';

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
      'expected a run folder, or --pictures with the pictures of another tool, got neither',
    );
  }
  const isPocket = config.subjects === 'pocket';
  const lists = await openPromptLists(config.prompts, isPocket);
  const folders = await picturesOf(config, folder);
  const subjects: SubjectPictures[] = [];
  for (const each of folders) subjects.push(await byPrompt(each, lists));
  const judges = await findJudges(config, isPocket, hub);
  return await withJudges(judges, config.device, async (open) => {
    const total = subjects.reduce((sum, { prompts }) => sum + prompts.length, 0);
    const scores: SubjectScores[] = [];
    let done = 0;
    for (const subject of subjects) {
      const onPrompt = () => {
        signal?.throwIfAborted();
        done += 1;
        listener?.({ type: 'scoring', done, total });
      };
      scores.push(await scoreSubject(open, subject, onPrompt));
    }
    return await writeEvaluation({ folder, judges, seed, scores });
  });
}

async function picturesOf(
  config: EvaluateConfig,
  folder: string,
): Promise<readonly PictureFolder[]> {
  const { subjects, images, type } = config;
  if (subjects === 'pocket') {
    const bundled = await pocketSubjects();
    return bundled.map((subject) => ({
      ...{ name: subject.name, type: subject.type, real: subject.images },
      words: { phrase: `sks ${subject.className}`, className: subject.className },
      folder: join(folder, subject.name),
    }));
  }
  if (subjects !== undefined) return await readSubjects(subjects, folder);
  if (images === undefined) {
    throw new ConfigError(
      'IMAGES_MISSING',
      'images: expected the folder with the real pictures of the subject; give --images DIR, or --subjects FILE for several subjects',
    );
  }
  const words = wordsOf(config);
  const real = await filesIn(images);
  const kind = type ?? (await subjectTypeOf(words.className));
  return [{ name: words.phrase, words, type: kind, real, folder }];
}

function wordsOf({ subject, class: className }: EvaluateConfig): SubjectWords {
  if (subject !== undefined) return parseSubject(subject, className);
  if (className !== undefined) return { phrase: className, className };
  throw new ConfigError(
    'SUBJECT_MISSING',
    'subject: expected --subject "sks dog" as the prompts were typed, or --class dog where the tool knows no rare word',
  );
}

const subjectsSchema = z
  .array(
    z.looseObject({
      name: z.string().min(1),
      class: z.string().min(1),
      type: z.enum(subjectTypes).default('object'),
      /** As the prompts were typed; the class where not given. */
      subject: z.string().min(1).optional(),
      /** Folder of the real pictures, from the file's. */
      images: z.string().min(1),
    }),
  )
  .min(1);

async function readSubjects(path: string, folder: string): Promise<readonly PictureFolder[]> {
  const parsed = subjectsSchema.safeParse(await readJson(path, 'list of subjects'));
  if (!parsed.success) {
    throw new DataError(
      'SUBJECTS_FILE',
      `${path}: expected a list such as [{ "name": "dog6", "class": "dog", "type": "live", "subject": "sks dog", "images": "dog6" }]: ${z.prettifyError(parsed.error)}`,
    );
  }
  return await Promise.all(
    parsed.data.map(async ({ name, class: className, type, subject = className, images }) => ({
      ...{ name, type, words: { phrase: subject, className } },
      real: await filesIn(resolve(dirname(path), images)),
      folder: join(folder, name),
    })),
  );
}

async function filesIn(folder: string): Promise<readonly string[]> {
  return (await listImageFolder(folder)).names.map((name) => join(folder, name));
}

/** The pictures of each prompt, in the folder that begins with its number. */
async function byPrompt(
  { name, words, type, real, folder }: PictureFolder,
  lists: PromptLists,
): Promise<SubjectPictures> {
  const templates = lists[type];
  const folders = new Map<number, string>();
  for (const entry of await namesIn(folder)) {
    const digits = /^\d+(?![^\s._-])/.exec(entry)?.[0];
    if (digits !== undefined) folders.set(Number(digits), join(folder, entry));
  }
  const beyond = [...folders.keys()].find((number) => number < 1 || number > templates.length);
  if (beyond !== undefined) {
    throw new DataError(
      'PICTURES_TOO_MANY',
      `${folders.get(beyond)}: there is no prompt ${beyond} for a subject of type ${type}, the list ends at ${templates.length}; give the prompts that the pictures were made with`,
    );
  }
  const prompts = [];
  for (const [i, template] of templates.entries()) {
    const place = folders.get(i + 1);
    if (place === undefined) {
      throw new DataError(
        'PICTURES_MISSING',
        `${folder}: expected a folder ${String(i + 1).padStart(2, '0')} with the pictures of "${template}", found ${folders.size === 0 ? 'no numbered folder' : `${folders.size} of ${templates.length}`}; make the pictures, or shorten the list of prompts`,
      );
    }
    prompts.push({ prompt: fillTemplate(template, words), files: await filesIn(place) });
  }
  return { subject: name, real, prompts };
}
