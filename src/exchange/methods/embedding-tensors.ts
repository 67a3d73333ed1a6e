/** @file Textual Inversion as A1111, ComfyUI and diffusers have it: the new rows of token tables, alone in a file. */
import { type AdapterFile, type PlacedAdapter, parameterName } from '../../adapters/index.ts';
import { AdapterError } from '../../base/errors.ts';
import { ownValue } from '../../base/own-value.ts';
import type { Site } from '../../nn/index.ts';
import { toFloat32 } from '../../tensor/half.ts';
import { formatShape, reshaped, rowsOf, type Tensor } from '../../tensor/tensor.ts';
import { splitTensorName } from '../names/tensor-names.ts';
import { encoded, type FormatWriter, type WriteOptions } from '../tools/write-options.ts';
import type { SiteReading } from './foreign-module.ts';

/** Names that say which text encoder the rows are for; anything else is the word itself. */
const partsByName: Readonly<Record<string, string>> = {
  clip_l: 'text_encoder',
  clip_g: 'text_encoder_2',
  text_encoders_0: 'text_encoder',
  text_encoders_1: 'text_encoder_2',
};

/** Names that A1111 gives the rows. */
const nameless = ['emb_params', '*', 'string_to_param.*'];

/** Whether a file holds nothing but rows of token tables: one tensor, or one of each text encoder. */
export function isEmbedding(tensors: ReadonlyMap<string, Tensor>): boolean {
  const names = [...tensors.keys()];
  const areRows = [...tensors.values()].every(
    ({ shape }) => shape.length === 1 || shape.length === 2,
  );
  // A word of a dictionary of its own is no path of a module.
  if (names.some((name) => name.startsWith('base_model.model.'))) return false;
  if (!areRows || names.some((name) => splitTensorName(name, tensors) !== undefined)) return false;
  return (
    names.length === 1 ||
    (names.length > 0 && names.every((name) => Object.hasOwn(partsByName, name)))
  );
}

/**
 * The new rows of each token table.
 *
 * @throws AdapterError ADAPTER_BASE where they are of another size, EMBEDDING_TOKEN where no word is known
 */
export function readEmbedding(
  tensors: ReadonlyMap<string, Tensor>,
  { sites, where, token }: { sites: readonly Site[]; where: string; token: string | undefined },
): readonly SiteReading[] {
  const tables = sites.filter(({ kind }) => kind === 'table');
  return [...tensors].map(([name, stored]) => {
    const rows = toFloat32(stored);
    const [size = 0] = rows.shape.slice(-1);
    const part = ownValue(partsByName, name);
    const site = tables.find(
      (table) => table.in === size && (part === undefined || table.name.startsWith(`${part}.`)),
    );
    if (site === undefined) {
      throw new AdapterError(
        'ADAPTER_BASE',
        `${where}: "${name}" ${formatShape(rows.shape)} are words of size ${size}, the base has ${tables.map((table) => `${table.name} of size ${table.in}`).join(' and ') || 'no text encoder'} (Stable Diffusion 1.x has 768, 2.x 1024, XL 768 and 1280); use it with a base of its own kind`,
      );
    }
    const isWord = part === undefined && !nameless.includes(name);
    const word = isWord ? name : token;
    if (word === undefined) {
      throw new AdapterError(
        'EMBEDDING_TOKEN',
        `${where}: the file does not say which word it stands for; give one`,
      );
    }
    const vectors = rows.data.length / size;
    return {
      site,
      method: 'textual-inversion',
      options: { token: word, vectors },
      parameters: { vectors: reshaped(rows, [vectors, size]) },
    };
  });
}

/** Whether an adapter is new rows of token tables, which other tools keep in files of their own. */
export function isEmbeddingAdapter({ sites }: PlacedAdapter): boolean {
  return sites.every(({ kind }) => kind === 'table');
}

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
  const words = placed.filter(isEmbeddingAdapter).flatMap(({ adapter, sites }) => {
    let first = 0;
    return adapter.newTokens.map(({ token, vectors }) => {
      const after = first + vectors;
      const rows = new Map<string, Tensor<'f32'>>();
      for (const site of sites) {
        const part = site.name.slice(0, site.name.indexOf('.'));
        const all = tensors.get(parameterName(site, 'vectors'));
        const name = sites.length === 1 ? token : (namesByPart[part] ?? part);
        if (all !== undefined) rows.set(name, rowsOf(all, first, after));
      }
      first = after;
      return { stem: token.replaceAll(/[^\w-]/g, '') || 'embedding', rows };
    });
  });
  return words.map(({ stem, rows }, i) => {
    const before = words.slice(0, i).filter((other) => other.stem === stem).length;
    const fileName = `${stem}${before === 0 ? '' : `-${before + 1}`}.safetensors`;
    return [fileName, encoded(rows, { format: 'pt' }, dtype)] as const;
  });
}
