/** @file The files that wildcards name: `__animal__` is a line of animal.txt. */
import { ConfigError, DataError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import { requireKnownPlaces } from '../../base/subject-template.ts';
import { basename, dirname } from '../../platform/paths.ts';
import { namesIn } from '../../storage/files/folders.ts';
import { pathInside } from '../../storage/files/path-inside.ts';
import { readText } from '../../storage/files/text-file.ts';
import { kindOfPath } from '../../storage/path-kind.ts';
import { promptLines } from '../prompt-lines.ts';
import { listsOf, promptTemplate, type Template, textsOf } from './prompt-choices.ts';

/** Lists by name. */
export type WildcardLists = ReadonlyMap<string, readonly Template[]>;

/**
 * Reads the lists that templates name, and those that these name: UTF-8 texts with one line each, empty lines and those
 * that begin with # left out.
 *
 * @param folder undefined where none was given
 * @throws ConfigError WILDCARDS_MISSING, UNKNOWN_PLACEHOLDER, PROMPT_CHOICES; DataError WILDCARD_CYCLE, PROMPTS_FILE
 */
export async function readWildcards(
  templates: readonly Template[],
  folder: string | undefined,
): Promise<WildcardLists> {
  const lists = new Map<string, readonly Template[]>();
  const read = async (name: string, within: readonly string[]): Promise<void> => {
    if (within.includes(name)) throw cycle([...within, name]);
    if (lists.has(name)) return;
    const lines = await readList(name, folder);
    for (const list of new Set(lines.flatMap(listsOf))) await read(list, [...within, name]);
    lists.set(name, lines);
  };
  for (const name of new Set(templates.flatMap(listsOf))) await read(name, []);
  return lists;
}

async function readList(name: string, folder: string | undefined): Promise<readonly Template[]> {
  if (folder === undefined) {
    throw new ConfigError(
      'WILDCARDS_MISSING',
      `prompt: __${name}__ stands for a line of ${name}.txt, and \`wildcards\`, the folder of such files, was not given; give it, or take the prompt as it is with \`promptSyntax: plain\``,
    );
  }
  const path = pathInside(folder, `${name}.txt`, `__${name}__`);
  if ((await kindOfPath(path)) !== 'file') {
    const there = await listNames(dirname(path));
    throw new ConfigError(
      'WILDCARDS_MISSING',
      `prompt: __${name}__ stands for a line of ${path}, which is not there${didYouMean(basename(path), there)}`,
    );
  }
  const lines = promptLines(await readText(path), path);
  return lines.map((line) => {
    const where = `${path}: "${line}"`;
    const template = promptTemplate(line, where);
    for (const text of textsOf(template)) requireKnownPlaces(text, where);
    return template;
  });
}

async function listNames(folder: string): Promise<readonly string[]> {
  return (await kindOfPath(folder)) === 'folder' ? await namesIn(folder) : [];
}

function cycle(names: readonly string[]): DataError {
  return new DataError(
    'WILDCARD_CYCLE',
    `wildcards name each other in a circle: ${names.map((name) => `__${name}__`).join(' in ')}; take one of them out of the other's file`,
  );
}
