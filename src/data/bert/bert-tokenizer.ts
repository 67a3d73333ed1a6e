/** @file BERT's uncased tokenizer: a text to word pieces between [CLS] and [SEP] (Devlin et al. 2019). */
import { ModelError } from '../../base/errors.ts';
import { idsByJson } from '../tokenizer.ts';

/** Text to the ids that BERT was trained with. */
export interface BertTokenizer {
  /** Number of word pieces. */
  readonly vocabularySize: number;
  /** Ids with those of [CLS] and [SEP] around them, never cut. */
  encode(text: string): readonly number[];
}

const special = { unknown: '[UNK]', start: '[CLS]', end: '[SEP]' };

/**
 * The tokenizer of a vocab.txt, a word piece a line.
 *
 * @param where names it in errors
 * @throws ModelError TOKENIZER_SPECIAL_TOKEN where a special token is no line of it
 */
export function bertTokenizer(vocabulary: string, where: string): BertTokenizer {
  const pieces = vocabulary.split(/\r?\n/).filter((line) => line !== '');
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const idOf = (token: string): number => {
    const id = ids.get(token);
    if (id !== undefined) return id;
    throw new ModelError(
      'TOKENIZER_SPECIAL_TOKEN',
      `${where}: expected the word pieces of BERT, one a line, found no ${token}; put the vocab.txt of bert-base-uncased there`,
    );
  };
  const { unknown, start, end } = special;
  const encode = idsByJson({
    added_tokens: [unknown, start, end].map((content) => ({
      id: idOf(content),
      content,
      special: true,
      normalized: false,
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        // The reference lowers character by character; toLowerCase alone would turn a word's last Σ into ς.
        { type: 'Replace', pattern: { String: 'Σ' }, content: 'σ' },
        {
          type: 'BertNormalizer',
          clean_text: true,
          handle_chinese_chars: true,
          strip_accents: null,
          lowercase: true,
        },
      ],
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', cls: [start, idOf(start)], sep: [end, idOf(end)] },
    decoder: { type: 'WordPiece' },
    model: {
      type: 'WordPiece',
      vocab: Object.fromEntries(ids),
      unk_token: unknown,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
    },
  });
  return { vocabularySize: pieces.length, encode };
}
