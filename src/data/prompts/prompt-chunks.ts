/** @file A prompt in the pieces that a text encoder takes, each with a start, an end and padding of its own. */
import { ConfigError } from '../../base/errors.ts';
import type { ClipTokenizer } from '../tokenizer.ts';
import type { PromptFragment } from './prompt-fragments.ts';

/** A text of an encoder's length. */
export interface PromptChunk {
  readonly ids: readonly number[];
  /** Of each token; 1 of start, end and padding. */
  readonly weights: readonly number[];
}

/** A chunk that is full ends after a comma, where one is among so many tokens before. */
const commaReach = 20;

/** Chunks of a prompt: twelve hundred tokens. */
const mostChunks = 16;

/** Being filled. */
interface OpenChunk {
  ids: number[];
  weights: number[];
  /** Where the last comma stands. */
  comma: number | undefined;
}

const empty = (): OpenChunk => ({ ids: [], weights: [], comma: undefined });

/**
 * Cuts a prompt into chunks as A1111 does: where one is full, it ends after a comma not far before; a break ends it, and
 * so does a word of several vectors that does not fit into it.
 *
 * @param length tokens of a text, start and end among them
 * @param where names the setting, or the file, in errors
 * @throws ConfigError PROMPT_LENGTH
 */
export function promptChunks(
  fragments: readonly PromptFragment[],
  tokenizer: ClipTokenizer,
  { length, where }: { readonly length: number; readonly where: string },
): readonly PromptChunk[] {
  const room = length - 2;
  const comma = tokenizer.idOf(',</w>');
  const done: PromptChunk[] = [];
  let open = empty();
  const end = () => {
    done.push(closed(open, tokenizer, length));
    open = empty();
    if (done.length <= mostChunks) return;
    throw new ConfigError(
      'PROMPT_LENGTH',
      `${where}: expected a prompt of at most ${mostChunks} chunks of ${room} tokens, got a longer one; shorten it`,
    );
  };
  for (const fragment of fragments) {
    if (fragment === 'break') {
      end();
      continue;
    }
    for (const word of tokenizer.encodeWords(fragment.text)) {
      if (word[0] === comma) open.comma = open.ids.length;
      else if (open.ids.length === room && open.comma !== undefined) {
        const after = open.comma + 1;
        if (open.ids.length - open.comma <= commaReach) {
          const moved = { ids: open.ids.splice(after), weights: open.weights.splice(after) };
          end();
          open = { ...moved, comma: undefined };
        }
      }
      requireRoom(word, { room, where });
      if (open.ids.length === room || (word.length > 1 && open.ids.length + word.length > room))
        end();
      open.ids.push(...word);
      open.weights.push(...word.map(() => Math.fround(fragment.weight)));
    }
  }
  if (open.ids.length > 0 || done.length === 0) end();
  return done;
}

function requireRoom(
  { length }: readonly number[],
  { room, where }: { readonly room: number; readonly where: string },
): void {
  if (length <= room) return;
  throw new ConfigError(
    'PROMPT_LENGTH',
    `${where}: a word of the prompt stands for ${length} vectors, and the text encoder takes ${room} at once; leave it out`,
  );
}

/** A chunk without text, which stands where another encoder, or another text, has more chunks. */
export function emptyChunk(tokenizer: ClipTokenizer, length: number): PromptChunk {
  return closed(empty(), tokenizer, length);
}

/** Whether weights change what an encoder makes of a chunk. */
export function isWeighted({ weights }: PromptChunk): boolean {
  return weights.some((weight) => weight !== 1);
}

/** Between start and end; filled up with ends, or what else comes after the first end where a tokenizer pads with it. */
function closed(
  { ids, weights }: OpenChunk,
  { bosId, eosId, padId }: ClipTokenizer,
  length: number,
): PromptChunk {
  const all = [bosId, ...ids, ...new Array<number>(length - 1 - ids.length).fill(eosId)];
  const first = all.indexOf(eosId);
  return {
    ids: all.map((id, i) => (i > first ? padId : id)),
    weights: [1, ...weights, ...new Array<number>(length - 1 - ids.length).fill(1)],
  };
}
