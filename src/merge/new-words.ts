/** @file New words in the files of a model folder, as transformers saves them. */
import type { NewToken } from '../adapters/index.ts';
import { toJson } from '../pipeline/random/random-model-texts.ts';
import { readJson } from '../storage/files/json-file.ts';
import type { FolderFile } from './folder-files.ts';

/** The words of one text encoder. */
export interface EncoderWords {
  readonly encoder: string;
  readonly tokenizer: string;
  readonly words: readonly NewToken[];
  /** Rows of its table in the base. */
  readonly vocabulary: number;
}

/**
 * The files with the words in them: the size of the table in the encoder's configuration, ids in the tokenizer's files.
 * A word of several rows is several tokens, `<dog>`, `<dog>_1`, ..., as diffusers has it.
 */
export async function withWords(
  files: ReadonlyMap<string, FolderFile>,
  { encoder, tokenizer, words, vocabulary }: EncoderWords,
): Promise<ReadonlyMap<string, FolderFile>> {
  if (words.length === 0) return files;
  const tokens = words.flatMap(({ token, vectors }) =>
    Array.from({ length: vectors }, (_, i) => (i === 0 ? token : `${token}_${i}`)),
  );
  const ids = tokens.map((token, i) => [token, vocabulary + i] as const);
  const edited = new Map(files);
  const edit = async (path: string, own: (json: Json) => Json) => {
    edited.set(path, { text: toJson(own(await jsonOf(files.get(path), path))) });
  };
  await edit(`${encoder}/config.json`, (json) => ({
    ...json,
    vocab_size: vocabulary + ids.length,
  }));
  await edit(`${tokenizer}/added_tokens.json`, (json) => ({ ...json, ...Object.fromEntries(ids) }));
  const settings = `${tokenizer}/tokenizer_config.json`;
  if (files.has(settings)) await edit(settings, (json) => withDecoder(json, ids));
  // It would have to say the same once more; transformers makes it from the others where it is not there.
  edited.delete(`${tokenizer}/tokenizer.json`);
  return edited;
}

type Json = Readonly<Record<string, unknown>>;

/** Where the configuration lists the tokens that were added, transformers reads no other list. */
function withDecoder(json: Json, ids: readonly (readonly [string, number])[]): Json {
  const { added_tokens_decoder: decoder } = json;
  if (decoder === undefined || decoder === null) return json;
  const entries = ids.map(([content, id]) => [
    id,
    { content, lstrip: false, normalized: true, rstrip: false, single_word: false, special: false },
  ]);
  return { ...json, added_tokens_decoder: { ...decoder, ...Object.fromEntries(entries) } };
}

async function jsonOf(file: FolderFile | undefined, path: string): Promise<Json> {
  if (file === undefined) return {};
  return ('text' in file ? JSON.parse(file.text) : await readJson(file.from, path)) as Json;
}
