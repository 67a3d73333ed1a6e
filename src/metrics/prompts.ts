/** @file Prompts of an evaluation: with the subject as it was trained, and with its class word alone. */
import * as z from 'zod';
import { DataError } from '../base/errors.ts';
import { hasSubjectPlace, requireKnownPlaces, withSubject } from '../base/subject-template.ts';
import { promptLines } from '../data/prompt-lines.ts';
import { parseJson } from '../formats/parse-json.ts';
import { readText } from '../storage/files/text-file.ts';

/** What kind of thing a subject is, which decides its prompts: a cat may wear a hat, a vase may not. */
export const subjectTypes = ['object', 'live'] as const;
export type SubjectType = (typeof subjectTypes)[number];

/** Templates by type of subject; `{}` or `{subject}` stands for the subject. */
export type PromptLists = Readonly<Record<SubjectType, readonly string[]>>;

/** The words that name a subject. */
export interface SubjectWords {
  /** As it was trained: `sks dog`. */
  readonly phrase: string;
  /** `dog` */
  readonly className: string;
}

/** One prompt in both its forms. */
export interface EvaluationPrompt {
  /** What pictures are drawn from. */
  readonly typed: string;
  /** With the class word instead of the subject's phrase: a rare word distorts the embedding of a text. */
  readonly plain: string;
}

/** A template with a subject filled in. */
export function fillTemplate(
  template: string,
  { phrase, className }: SubjectWords,
): EvaluationPrompt {
  return {
    typed: withSubject(template, phrase),
    plain: withSubject(template, className),
  };
}

const listSchema = z.array(z.string().min(1)).min(1);
const listsSchema = z.looseObject({ object: listSchema, live: listSchema });

/**
 * Reads templates: a text with one a line, or a .json file with a list, or with one list each for `object` and `live`.
 *
 * @throws DataError PROMPTS_FILE, or PROMPT_WITHOUT_SUBJECT naming the prompt
 * @throws ConfigError UNKNOWN_PLACEHOLDER
 */
export async function readPromptLists(path: string): Promise<PromptLists> {
  const lists = parseLists(await readText(path), path);
  for (const template of [...lists.object, ...lists.live]) {
    requireKnownPlaces(template, `${path}: "${template}"`);
    if (hasSubjectPlace(template)) continue;
    throw new DataError(
      'PROMPT_WITHOUT_SUBJECT',
      `${path}: "${template}" does not say where the subject stands; write {} in its place, such as "a {} in the snow"`,
    );
  }
  return lists;
}

function parseLists(text: string, path: string): PromptLists {
  if (!path.toLowerCase().endsWith('.json')) {
    const lines = promptLines(text, path);
    return { object: lines, live: lines };
  }
  const parsed = z.union([listSchema, listsSchema]).safeParse(parseJson(text));
  if (!parsed.success) {
    throw new DataError(
      'PROMPTS_FILE',
      `${path}: expected a JSON list of prompts, or { "object": [...], "live": [...] }, found something else; a text with one prompt a line also does`,
    );
  }
  const { data } = parsed;
  return Array.isArray(data) ? { object: data, live: data } : data;
}
