/** @file Which prompts an evaluation is made with. */
import { ConfigError } from '../../base/errors.ts';
import { pocketPrompts, pocketSubjects } from '../../data/pocket.ts';
import { type PromptLists, readPromptLists, type SubjectType } from '../../metrics/prompts.ts';

/**
 * The templates that `prompts` names: a file, or `pocket`, which the bundled model's world has by default.
 *
 * @throws ConfigError PROMPTS_MISSING, or DataError where the file is none
 */
export async function openPromptLists(
  prompts: string | undefined,
  isPocket: boolean,
): Promise<PromptLists> {
  const name = prompts ?? (isPocket ? 'pocket' : undefined);
  if (name === 'pocket') return await pocketPrompts();
  if (name !== undefined) return await readPromptLists(name);
  throw new ConfigError(
    'PROMPTS_MISSING',
    'prompts: expected a file with one prompt a line, {} in the place of the subject; give it as `prompts` (or "pocket" for the prompts of the bundled world)',
  );
}

/** The type of a subject of the bundled world by its class; other subjects are objects unless it is said. */
export async function subjectTypeOf(className: string): Promise<SubjectType> {
  const subjects = await pocketSubjects();
  return subjects.find((subject) => subject.className === className)?.type ?? 'object';
}
