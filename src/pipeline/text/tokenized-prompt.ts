/** @file Prompts as token ids, for every text encoder of a model. */
import { ConfigError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import {
  emptyChunk,
  isWeighted,
  type PromptChunk,
  promptChunks,
} from '../../data/prompts/prompt-chunks.ts';
import { promptFragments } from '../../data/prompts/prompt-fragments.ts';
import type { PromptSyntax } from '../../data/prompts/prompt-syntax.ts';
import { type PromptPlace, requireSupported } from '../../data/prompts/unsupported-syntax.ts';
import type { BaseModel, TextPart } from '../base/base-model.ts';

/** A number for each token: of every encoder, of every chunk of every text. */
type TokenRows = readonly (readonly (readonly number[])[])[];

/** Texts as token ids in chunks of the encoders' length, equally many of each text. */
export interface TokenizedText {
  readonly ids: TokenRows;
  /** Chunks of each text. @default 1 */
  readonly chunks?: number;
  /** What the states of the tokens are multiplied by. @default 1 everywhere */
  readonly weights?: TokenRows;
}

/** A prompt as token ids. */
export interface TokenizedPrompt extends TokenizedText {
  /** What did not fit into the model's longest text, if anything. */
  readonly truncated: string | undefined;
}

/** How a prompt is read, and where it stands. */
export interface PromptReading extends Partial<PromptPlace> {
  /** @default 'plain' */
  readonly syntax?: PromptSyntax;
  /** How often it stands in the text that is encoded, after commas; what of these does not fit is not missed. @default 1 */
  readonly repeats?: number | undefined;
  /** Chunks at least, filled up with empty ones where it is not plain. @default 1 */
  readonly chunks?: number;
}

/**
 * Cuts a prompt into tokens, for every encoder.
 *
 * @throws ConfigError PROMPT_UNSUPPORTED, PROMPT_WEIGHT, PROMPT_NESTING, PROMPT_LENGTH
 */
export function tokenize(
  { textEncoders }: Pick<BaseModel, 'textEncoders'>,
  prompt: string,
  { syntax = 'plain', repeats = 1, ...reading }: PromptReading = {},
): TokenizedPrompt {
  if (syntax === 'plain') {
    const { truncated } = plainTokens(textEncoders, prompt);
    return { ...plainTokens(textEncoders, repeated(prompt, repeats)), truncated };
  }
  const { where = 'prompt', isNegative = false, chunks: least = 1 } = reading;
  requireUnplaced(textEncoders, where);
  requireSupported(prompt, { where, isNegative });
  const fragments = promptFragments(repeated(prompt, repeats), where);
  const cut = textEncoders.map(({ config, tokenizer }) =>
    promptChunks(fragments, tokenizer, { length: config.positions, where }),
  );
  // A word that only one encoder knows may make a chunk more of it there.
  const most = Math.max(least, ...cut.map(({ length }) => length));
  const filled = cut.map((chunks, i) => filledUp(chunks, required(textEncoders, i), most));
  return {
    ids: filled.map((chunks) => chunks.map(({ ids }) => ids)),
    ...(most > 1 && { chunks: most }),
    ...(filled.flat().some(isWeighted) && {
      weights: filled.map((chunks) => chunks.map(({ weights }) => weights)),
    }),
    truncated: undefined,
  };
}

function repeated(prompt: string, times: number): string {
  return Array.from({ length: times }, () => prompt).join(', ');
}

/** A word that has one place in a text would have none in the second of its chunks. */
function requireUnplaced(textEncoders: readonly TextPart[], where: string): void {
  if (textEncoders.every(({ tokenizer }) => !tokenizer.placesWords)) return;
  throw new ConfigError(
    'PROMPT_UNSUPPORTED',
    `${where}: the subject of this model is a word at one place of the text, which has one chunk without weights; set promptSyntax to plain`,
  );
}

function plainTokens(textEncoders: readonly TextPart[], prompt: string): TokenizedPrompt {
  const padded = textEncoders.map(({ config, tokenizer }) =>
    tokenizer.encodePadded(prompt, config.positions),
  );
  return {
    ids: padded.map(({ ids }) => [ids]),
    truncated: padded.find((each) => each.truncated !== undefined)?.truncated,
  };
}

function filledUp(
  chunks: readonly PromptChunk[],
  { config, tokenizer }: TextPart,
  count: number,
): readonly PromptChunk[] {
  const empty = emptyChunk(tokenizer, config.positions);
  return [...chunks, ...new Array<PromptChunk>(count - chunks.length).fill(empty)];
}

/** Texts that are given to encoders together, one after the other; all of equally many chunks. */
export function joinedTokens(texts: readonly TokenizedText[]): TokenizedText {
  const [first] = texts;
  const chunks = first?.chunks ?? 1;
  const rows = (of: (text: TokenizedText) => TokenRows) =>
    required(texts.map(of), 0).map((_, i) => texts.flatMap((text) => required(of(text), i)));
  return {
    ids: rows(({ ids }) => ids),
    ...(chunks > 1 && { chunks }),
    ...(texts.some(({ weights }) => weights !== undefined) && { weights: rows(weightsOf) }),
  };
}

/** Weights of a text, also where all are 1. */
export function weightsOf({ ids, weights }: TokenizedText): TokenRows {
  return weights ?? ids.map((rows) => rows.map((row) => row.map(() => 1)));
}
