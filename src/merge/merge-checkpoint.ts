/** @file Merging adapters into a base model: a new folder, or a new file, that needs them no longer. */
import { ConfigError } from '../base/errors.ts';
import { required } from '../base/required.ts';
import { checkpointKinds, recognizeBase } from '../models/single-file/kinds.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { newTokensOf } from '../pipeline/text/new-tokens.ts';
import { textPartName } from '../pipeline/text/text-network.ts';
import { dirname, join } from '../platform/paths.ts';
import { writeFileAtomic } from '../storage/files/atomic-file.ts';
import { makeFolder } from '../storage/files/atomic-folder.ts';
import { copyOfFile } from '../storage/files/copied-file.ts';
import { createFolder } from '../storage/files/folders.ts';
import { requireNewFile } from '../storage/files/new-path.ts';
import { isTensorFileName, openTensorFile } from '../storage/weights/tensor-file.ts';
import { type FolderFile, filesOfFamily, filesOfFolder } from './folder-files.ts';
import { MergedWeights } from './merged-weights.ts';
import { type MergedAdapter, mergedMetadata, singleFileMetadata } from './metadata.ts';
import { withWords } from './new-words.ts';
import { type MergedDType, type OutputTensors, outputWeight } from './output-tensor.ts';
import { kindOfBase } from './single-file-kind.ts';
import { singleFileTensors } from './single-file-tensors.ts';
import { type MergeHost, type TensorsFile, writeTensors } from './write-tensors.ts';

export interface MergeOptions {
  readonly base: BaseModel;
  readonly adapters: readonly MergedAdapter[];
  /** A new file that ends in .safetensors, under the original names; or a new folder in the diffusers layout. */
  readonly out: string;
  /** @default 'as-is' */
  readonly dtype?: MergedDType | undefined;
}

/** What was written. */
export interface MergedModel {
  /** Bytes of all weights. */
  readonly bytes: number;
  /** Names of the weights that an adapter changed. */
  readonly changed: ReadonlySet<string>;
}

/**
 * Writes the model that a base is with adapters, holding one weight at a time.
 *
 * @throws ConfigError OUT_FORMAT, OUT_EXISTS, NO_SINGLE_FILE, WORDS_NEED_FOLDER, TOKEN_TWICE
 * @throws AdapterError MERGED_NOT_FINITE where a number is too large for the precision
 * @throws RunError FOLDER_NOT_EMPTY
 * @throws SystemError where it cannot be written, or the signal's reason; then nothing is left behind
 */
export async function mergeCheckpoint(
  options: MergeOptions,
  host: MergeHost = {},
): Promise<MergedModel> {
  await using weights = new MergedWeights(options.base, options.adapters);
  const bytes = isTensorFileName(options.out)
    ? await writeFile(options, weights, host)
    : await writeFolder(options, weights, host);
  return { bytes, changed: weights.changed };
}

async function writeFile(
  { base, adapters, out, dtype = 'as-is' }: MergeOptions,
  weights: MergedWeights,
  host: MergeHost,
): Promise<number> {
  await requireNewFile(out);
  refuseWords(base, adapters);
  const file = isTensorFileName(base.folder) ? await openTensorFile(base.folder) : undefined;
  const kind = file ? recognizeBase(file.places, base.folder) : await kindOfBase(base);
  const layout = { kind: checkpointKinds[kind], file };
  const tensors = singleFileTensors(base, weights, layout, dtype);
  const metadata = singleFileMetadata(base, adapters, { kind, stated: file?.metadata, out });
  await createFolder(dirname(out));
  return await writeTensors([{ path: out, tensors, metadata }], host);
}

/** A file has no tokenizer. */
function refuseWords({ textEncoders }: BaseModel, adapters: readonly MergedAdapter[]): void {
  const [word] = textEncoders.flatMap((_, i) => newTokensOf(adapters, textPartName(i)));
  if (word === undefined) return;
  throw new ConfigError(
    'WORDS_NEED_FOLDER',
    `an adapter brings the word "${word.token}", and one file has no tokenizer to hold it; give a folder as \`out\`, or merge the rest of the adapter (\`adapter: FILE,token_embedding=0\`) and keep the word in a file of its own, converted to the format textual-inversion`,
  );
}

async function writeFolder(
  { base, adapters, out, dtype = 'as-is' }: MergeOptions,
  weights: MergedWeights,
  host: MergeHost,
): Promise<number> {
  const { files, texts } = isTensorFileName(base.folder)
    ? await filesOfFamily(base, await kindOfFile(base))
    : await filesOfFolder(base);
  let all = files;
  for (const [i, folders] of texts.entries()) {
    const words = newTokensOf(adapters, textPartName(i));
    const vocabulary = required(base.textEncoders, i).config.vocabulary;
    all = await withWords(all, { ...folders, words, vocabulary });
  }
  const metadata = mergedMetadata(base, adapters);
  const encoders = texts.map(({ encoder }) => encoder);
  let bytes = 0;
  await makeFolder(out, async (folder) => {
    await writeFiles(folder, all);
    const parts = partsOf(base, weights, { encoders, dtype });
    const written = parts.map(
      ([file, tensors]): TensorsFile => ({ path: join(folder, file), tensors, metadata }),
    );
    bytes = await writeTensors(written, host);
  });
  return bytes;
}

async function kindOfFile({ folder }: BaseModel) {
  return checkpointKinds[recognizeBase((await openTensorFile(folder)).places, folder)];
}

async function writeFiles(folder: string, files: ReadonlyMap<string, FolderFile>): Promise<void> {
  for (const [name, file] of files) {
    const path = join(folder, ...name.split('/'));
    await createFolder(dirname(path));
    if ('text' in file) await writeFileAtomic(path, file.text);
    else await copyOfFile(file.from, path);
  }
}

/** The weights of every part, by path in the folder. */
function partsOf(
  { unet, vae, textEncoders }: BaseModel,
  weights: MergedWeights,
  { encoders, dtype }: { readonly encoders: readonly string[]; readonly dtype: MergedDType },
): readonly (readonly [string, OutputTensors])[] {
  const tensorsOf = (part: string, { places }: typeof unet.weights): OutputTensors =>
    new Map(
      [...places.keys()].map((name) => [name, outputWeight(weights, `${part}.${name}`, dtype)]),
    );
  const diffusers = 'diffusion_pytorch_model.safetensors';
  return [
    ...textEncoders.map(
      (text, i) =>
        [`${encoders[i]}/model.safetensors`, tensorsOf(textPartName(i), text.weights)] as const,
    ),
    [`unet/${diffusers}`, tensorsOf('unet', unet.weights)],
    [`vae/${diffusers}`, tensorsOf('vae', vae.weights)],
  ];
}
