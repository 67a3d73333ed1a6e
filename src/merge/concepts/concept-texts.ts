/** @file Texts as rows of states: those of a concept, which decide its change, and captions of anything else. */
import { required } from '../../base/required.ts';
import { withSubject } from '../../base/subject-template.ts';
import type { TrainedAdapter } from '../../pipeline/adapters/trained-adapter.ts';
import type { BaseModel } from '../../pipeline/base/base-model.ts';
import { withNewTokens } from '../../pipeline/text/new-tokens.ts';
import { TextEncoder } from '../../pipeline/text/text-encoder.ts';
import { tokenize } from '../../pipeline/text/tokenized-prompt.ts';
import type { Rows } from './constrained-change.ts';

/** A text, of which the states from some words on are taken. */
export interface PartlyTakenText {
  readonly text: string;
  /** The words before them, which say nothing of what is meant. */
  readonly before: string;
}

const opening = 'photo of a ';
/** In so many characters, with an article before it. */
const openingWithin = 15;

/** A caption without the words that only say that it is one. */
export function captionText(text: string): PartlyTakenText {
  const at = text.slice(0, openingWithin).indexOf(opening);
  return { text, before: at === -1 ? '' : text.slice(0, at + opening.length) };
}

/** The texts that stand for a subject, from its own words on: two that everybody uses, and the one it was taught with. */
export function textsOfSubject(phrase: string, prompt: string): readonly PartlyTakenText[] {
  const texts = [phrase, `${opening}${phrase}`, withSubject(prompt, phrase)];
  return [...new Set(texts)]
    .filter((text) => text.includes(phrase))
    .map((text) => ({ text, before: text.slice(0, text.indexOf(phrase)) }));
}

/**
 * The states of the texts' words, of their end, and of the last of the padding, which a UNet sees as well; each once. What
 * stands before the words depends on nothing that comes after it, and is the same for every subject.
 *
 * @param enough number of states from which on no further text is read
 */
export async function rowsOfTexts(
  base: BaseModel,
  texts: readonly PartlyTakenText[],
  { adapters = [], enough = Number.POSITIVE_INFINITY, signal }: RowOptions = {},
): Promise<Rows> {
  const known = withNewTokens(base, adapters);
  const { tokenizer } = required(known.textEncoders, 0);
  await using encoder = await TextEncoder.open(known, adapters);
  const rows = new Map<string, Float64Array>();
  for (const { text, before } of texts) {
    signal?.throwIfAborted();
    if (rows.size >= enough) break;
    const { states } = await encoder.encode(text);
    const ids = required(required(tokenize(known, text).ids, 0), 0);
    const [, length = 0, width = 0] = states.shape;
    const first = tokenizer.encode(before).length - 1;
    const end = ids.indexOf(tokenizer.eosId, 1);
    const own = Array.from({ length: end - first + 1 }, (_, i) => first + i);
    for (const at of [...own, length - 1]) {
      const row = Float64Array.from(states.data.subarray(at * width, (at + 1) * width));
      rows.set(row.join(), row);
    }
  }
  return [...rows.values()];
}

interface RowOptions {
  /** Whose words the texts have. */
  readonly adapters?: readonly TrainedAdapter[];
  readonly enough?: number;
  readonly signal?: AbortSignal | undefined;
}
