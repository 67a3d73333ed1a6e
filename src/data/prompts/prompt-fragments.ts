/** @file The weights of a prompt as A1111 writes them: `(word)`, `[word]`, `(word:1.3)`, escapes, BREAK. */
import { ConfigError } from '../../base/errors.ts';
import { shortened } from '../../base/messages/shortened.ts';
import { lastOf } from '../../base/required.ts';

/** Text of one weight, or the end of a chunk. */
export type PromptFragment = { readonly text: string; readonly weight: number } | 'break';

/** `(word)`; `[word]` divides by it. */
const step = 1.1;
/** Beyond, even of `(`, a weight is in the ten thousands. */
const deepest = 100;

/**
 * In turn: an escape, a bracket, a weight with the bracket that it closes, what seems to be such a weight and is no
 * number, text, a colon.
 */
const piece =
  /\\(?<escaped>[()[\]\\]?)|(?<bracket>[([\])])|:\s*(?<weight>[-+]?[.\d]+)\s*\)|:\s*(?<wrong>[-+]?[.\d][-+.,%eE\s\d]*)\)|[^\\()[\]:]+|:/gu;

/** The word alone, with the blanks around it. */
const breakWord = /\s*(?<![\p{L}\p{N}_])BREAK(?![\p{L}\p{N}_])\s*/u;
const breakWeight = -1;

/** A part of a prompt, whose weight brackets after it may still change. */
interface Part {
  text: string;
  weight: number;
}

/**
 * Reads a prompt. Round and square brackets are counted apart; nested weights multiply, an unclosed bracket reaches to
 * the end, one too many is a character, and `(BREAK)` is a word.
 *
 * @param where names the setting, or the file, in errors
 * @throws ConfigError PROMPT_WEIGHT where a weight is no number; PROMPT_NESTING
 */
export function promptFragments(text: string, where: string): readonly PromptFragment[] {
  const parts: Part[] = [];
  const opened = { round: [] as number[], square: [] as number[] };
  const weigh = (start: number, factor: number) => {
    for (const part of parts.slice(start)) part.weight *= factor;
  };
  const close = (starts: number[], factor: number) => {
    const start = starts.pop();
    if (start !== undefined) weigh(start, factor);
    return start !== undefined;
  };
  for (const { 0: written, groups = {} } of text.matchAll(piece)) {
    const { escaped, bracket, weight, wrong } = groups;
    if (escaped !== undefined) parts.push({ text: escaped, weight: 1 });
    else if (bracket === '(') opened.round.push(parts.length);
    else if (bracket === '[') opened.square.push(parts.length);
    else if (bracket === ')' && close(opened.round, step)) continue;
    else if (bracket === ']' && close(opened.square, 1 / step)) continue;
    else if (weight !== undefined && opened.round.length > 0) {
      close(opened.round, weightOf(weight, { text, where }));
    } else if (wrong !== undefined && opened.round.length > 0) {
      throw noWeight(wrong.trim(), { text, where });
    } else parts.push(...plainParts(written));
    requireShallow(opened, { text, where });
  }
  for (const start of opened.round) weigh(start, step);
  for (const start of opened.square) weigh(start, 1 / step);
  return merged(parts);
}

/** What errors name. */
interface Place {
  readonly text: string;
  readonly where: string;
}

function plainParts(text: string): readonly Part[] {
  const breakPart = () => ({ text: 'BREAK', weight: breakWeight });
  return text
    .split(breakWord)
    .flatMap((part, i) => [...(i === 0 ? [] : [breakPart()]), { text: part, weight: 1 }]);
}

/** Neighbours of one weight are one text, so that words are cut into tokens as they stand. */
function merged(parts: readonly Part[]): readonly PromptFragment[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.length === 0 ? undefined : lastOf(joined);
    if (last?.weight === part.weight) last.text += part.text;
    else joined.push({ ...part });
  }
  return joined.map((part) =>
    part.text === 'BREAK' && part.weight === breakWeight ? 'break' : part,
  );
}

function weightOf(digits: string, place: Place): number {
  const value = Number(digits);
  if (Number.isFinite(Math.fround(value))) return value;
  throw noWeight(digits, place);
}

function noWeight(written: string, { text, where }: Place): ConfigError {
  return new ConfigError(
    'PROMPT_WEIGHT',
    `${where}: "${written}" is no weight, in "${shortened(text, 200)}"; write a number such as (word:1.3), a backslash before brackets that are meant, or take the text as it is with \`promptSyntax: plain\``,
  );
}

function requireShallow(
  { round, square }: { readonly round: readonly number[]; readonly square: readonly number[] },
  { text, where }: Place,
): void {
  if (round.length + square.length <= deepest) return;
  throw new ConfigError(
    'PROMPT_NESTING',
    `${where}: more than ${deepest} brackets are open at once in "${shortened(text, 200)}"; give a weight as a number, such as (word:1.3)`,
  );
}
