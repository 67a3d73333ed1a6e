/** @file New words as Textual Inversion files: what A1111, ComfyUI and diffusers load beside any adapter. */
import { type AdapterFile, parameterName } from '../../adapters/index.ts';
import { AdapterError } from '../../base/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { encoded, type FormatWriter, type WriteOptions } from '../tools/write-options.ts';
import { isEmbeddingAdapter } from './written-module.ts';

/** SDXL's names of the rows, by text encoder. */
const namesByPart: Readonly<Record<string, string>> = {
  text_encoder: 'clip_l',
  text_encoder_2: 'clip_g',
};

/** The embedding alone. */
export const writeEmbedding: FormatWriter = (file, options) => {
  const files = embeddingFiles(file, options);
  const others = file.placed.filter((each) => !isEmbeddingAdapter(each));
  const [first] = others;
  if (first === undefined && files.length > 0) return new Map(files);
  throw new AdapterError(
    'FORMAT_UNFIT',
    first === undefined
      ? 'an embedding is a new word; this adapter has none'
      : `an embedding holds a new word only, this adapter changes weights too (${first.adapter.method}); write "kohya" for both`,
  );
};

/** A file for each new word, named after it. */
export function embeddingFiles(
  { placed, tensors }: AdapterFile,
  { dtype }: Pick<WriteOptions, 'dtype'>,
): readonly (readonly [string, Uint8Array])[] {
  return placed.filter(isEmbeddingAdapter).map(({ adapter, sites }) => {
    const token = adapter.newToken?.token ?? '';
    const rows = new Map<string, Tensor<'f32'>>();
    for (const site of sites) {
      const part = site.name.slice(0, site.name.indexOf('.'));
      const value = tensors.get(parameterName(site, 'vectors'));
      const name = sites.length === 1 ? token : (namesByPart[part] ?? part);
      if (value !== undefined) rows.set(name, value);
    }
    const fileName = `${token.replaceAll(/[^\w-]/g, '') || 'embedding'}.safetensors`;
    return [fileName, encoded(rows, { format: 'pt' }, dtype)] as const;
  });
}
