/** @file The prompts of a request, read before anything is opened. */
import { ConfigError, DataError } from '../../base/errors.ts';
import { seedsFrom } from '../../base/numbers/seeds.ts';
import { fillSubject, hasSubjectPlace, requireKnownPlaces } from '../../base/subject-template.ts';
import { readPromptLines } from '../../data/prompt-lines.ts';
import { isFixed, promptTemplate } from '../../data/prompts/prompt-choices.ts';
import { readWildcards, type WildcardLists } from '../../data/prompts/wildcard-files.ts';
import type { ChosenAdapter } from '../adapters.ts';
import type { GenerateConfig, GenerateOptions } from '../generate-options.ts';
import {
  type AskedPrompt,
  askedPrompt,
  type PlannedPrompt,
  textsOfPrompt,
} from './planned-prompt.ts';

/** Prompts as they were asked for, and the lists that they choose from. */
export interface RequestedPrompts {
  readonly asked: readonly AskedPrompt[];
  readonly lists: WildcardLists;
}

/** Settings that say what is drawn. */
type PromptOptions = Pick<
  GenerateOptions,
  'prompt' | 'prompts' | 'negative' | 'promptSyntax' | 'wildcards'
>;

/**
 * The prompts as they were given, then those of the file.
 *
 * @throws ConfigError PROMPT_MISSING where there is none, UNKNOWN_PLACEHOLDER, PROMPT_CHOICES, and as readWildcards
 */
export async function promptsOf(options: PromptOptions): Promise<RequestedPrompts> {
  const { prompt = [], prompts, negative = '', promptSyntax: syntax = 'a1111' } = options;
  if (syntax === 'a1111') requireFixed(negative);
  requireKnownPlaces(negative, 'negative');
  const given = [prompt].flat();
  const ofFile = prompts === undefined ? [] : await readPromptLines(prompts);
  for (const each of ofFile) requireNoOptions(each, String(prompts));
  const asked = [
    ...given.map((each) => askedPrompt(each, 'prompt', syntax)),
    ...ofFile.map((each) => askedPrompt(each, `${prompts}: "${each}"`, syntax)),
  ];
  for (const each of asked) {
    for (const text of textsOfPrompt(each)) requireKnownPlaces(text, each.where);
  }
  const lists = await readWildcards(
    asked.map(({ template }) => template),
    options.wildcards,
  );
  if (asked.length > 0) return { asked, lists };
  throw new ConfigError(
    'PROMPT_MISSING',
    'prompt: expected what to show, or prompts with a file of such, got neither',
  );
}

/** @throws DataError PROMPTS_FILE where a line is one of options, as A1111 has them in files of prompts */
function requireNoOptions(line: string, file: string): void {
  if (!/^--\w/.test(line)) return;
  throw new DataError(
    'PROMPTS_FILE',
    `${file}: "${line}" begins with an option, and a line is a prompt alone; give what holds for all as settings, and other settings in a call of their own`,
  );
}

/** @throws ConfigError PROMPT_CHOICES where a negative prompt has choices */
function requireFixed(negative: string): void {
  if (isFixed(promptTemplate(negative, 'negative'))) return;
  throw new ConfigError(
    'PROMPT_CHOICES',
    `negative: choices and wildcards are those of prompts, and "${negative}" has some; write the words out`,
  );
}

/** Every prompt that is drawn, once. */
export function textsOfAll(
  prompts: readonly PlannedPrompt[],
  { seed, count }: GenerateConfig,
): readonly string[] {
  const texts = prompts.flatMap(({ varies, of }) =>
    seedsFrom(seed, varies ? count : 1).map((each) => of(each)),
  );
  return [...new Set(texts)];
}

/** A prompt with its subject, doubled braces single. @throws ConfigError NO_SUBJECT */
export function filled(
  prompt: string,
  adapters: readonly Pick<ChosenAdapter, 'training'>[],
  setting: string,
): string {
  if (!hasSubjectPlace(prompt)) return fillSubject(prompt, '', setting);
  const subject = adapters.find(({ training }) => training?.subject)?.training?.subject;
  if (subject === undefined) {
    throw new ConfigError(
      'NO_SUBJECT',
      `${setting}: {subject} stands for the subject of a run, but no run or adapter that knows its subject was given; write the words out`,
    );
  }
  return fillSubject(prompt, subject, setting);
}
