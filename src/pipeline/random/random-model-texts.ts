/** @file The small files of a model with random weights: index, tokenizer, and a note of what it is. */
import { required } from '../../base/required.ts';
import { bundledMerges } from '../../data/bundled-tokenizer.ts';
import {
  endOfText,
  parseMerges,
  startOfText,
  vocabularyFromMerges,
} from '../../data/clip-vocabulary.ts';
import type { Family } from '../../models/families.ts';

/** Files of a tokenizer folder, with CLIP's whole vocabulary. */
export async function tokenizerTexts(pad: string): Promise<Readonly<Record<string, string>>> {
  ownTexts ??= madeOwnTexts();
  const special = {
    bos_token: startOfText,
    eos_token: endOfText,
    unk_token: endOfText,
    pad_token: pad,
  };
  return {
    ...(await ownTexts),
    'special_tokens_map.json': toJson(special),
    'tokenizer_config.json': toJson({
      ...special,
      add_prefix_space: false,
      do_lower_case: true,
      model_max_length: 77,
      tokenizer_class: 'CLIPTokenizer',
    }),
  };
}

/** The files that are alike in all tokenizers: a model may have two, and the vocabulary takes a fifth of a second. */
let ownTexts: Promise<Readonly<Record<string, string>>> | undefined;

async function madeOwnTexts(): Promise<Readonly<Record<string, string>>> {
  const { text, path } = await bundledMerges();
  const vocabulary = vocabularyFromMerges(parseMerges(text, path));
  return { 'merges.txt': text, 'vocab.json': JSON.stringify(vocabulary) };
}

/** model_index.json of a family; `encoderClasses` are the classes of its text encoders. */
export function modelIndexText(
  { textEncoders, index }: Family,
  { encoderClasses, scheduler }: { encoderClasses: readonly string[]; scheduler: string },
): string {
  const texts = textEncoders.flatMap((folder, i) => [
    [folder, ['transformers', required(encoderClasses, i)]],
    [tokenizerFolder(folder), ['transformers', 'CLIPTokenizer']],
  ]);
  return toJson({
    ...index,
    scheduler: ['diffusers', scheduler],
    ...Object.fromEntries(texts),
    unet: ['diffusers', 'UNet2DConditionModel'],
    vae: ['diffusers', 'AutoencoderKL'],
  });
}

/** `tokenizer_2` of `text_encoder_2`. */
export function tokenizerFolder(encoder: string): string {
  return encoder.replace('text_encoder', 'tokenizer');
}

/** Says what the folder is, lest its pictures disappoint. */
export function randomModelReadme({ title }: Family, seed: number): string {
  return `# Random weights

The layout of ${title} with random weights (seed ${seed}), made by diffusekrona.
It is for measuring time and memory only: its pictures are noise.
`;
}

/** As people expect it in a file of its own. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
