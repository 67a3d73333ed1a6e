/** @file The files of a model folder besides its weights: those of the base, or of its family where that is one file. */
import { required } from '../base/required.ts';
import { type FamilyName, families, familyJson } from '../models/families.ts';
import type { CheckpointKind } from '../models/single-file/kinds.ts';
import { familyOfLayers, layersOfConfig } from '../models/single-file/unet-layers.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { parseModelIndex } from '../pipeline/base/model-index.ts';
import {
  modelIndexText,
  toJson,
  tokenizerFolder,
  tokenizerTexts,
} from '../pipeline/random/random-model-texts.ts';
import { join } from '../platform/paths.ts';
import { namesIn } from '../storage/files/folders.ts';
import { readJson } from '../storage/files/json-file.ts';

/** A file to be written: its text, or the path of the file to copy. */
export type FolderFile = { readonly text: string } | { readonly from: string };

/** Files of a model folder by path, and the folders of its text encoders in their order. */
export interface FolderFiles {
  readonly files: ReadonlyMap<string, FolderFile>;
  readonly texts: readonly { readonly encoder: string; readonly tokenizer: string }[];
}

/** Parts whose weights are written anew. */
const rewritten = ['unet', 'vae', 'text_encoder', 'text_encoder_2'];
/** What a folder says of itself and its licence, and the settings that suit it. */
const atTop = /^(readme|licen[cs]e|notice)(\.|$)|^krona\.json$/i;

/** Of a base that is a folder. Parts that its index names and that are not there are left out. */
export async function filesOfFolder({ folder }: BaseModel): Promise<FolderFiles> {
  const path = join(folder, 'model_index.json');
  const index = (await readJson(path, 'model index')) as Readonly<Record<string, unknown>>;
  const files = new Map<string, FolderFile>();
  const copy = (name: string) => files.set(name, { from: join(folder, ...name.split('/')) });
  for (const name of await namesIn(folder)) if (atTop.test(name)) copy(name);
  const present: Record<string, unknown> = { ...index };
  for (const [part, value] of Object.entries(index)) {
    if (!Array.isArray(value) || value[0] === null) continue;
    const names = await namesIn(join(folder, part));
    if (names.length === 0) present[part] = [null, null];
    for (const name of rewritten.includes(part) ? ['config.json'] : names) copy(`${part}/${name}`);
  }
  files.set('model_index.json', { text: toJson(present) });
  return { files, texts: parseModelIndex(index, path).textEncoders };
}

/** Settings of the schedule that a single file may have of its own. */
const ownSettings = ['prediction_type', 'rescale_betas_zero_snr', 'timestep_spacing'] as const;

/** Of a base that is one file: as its family was published, with what this model has of its own. */
export async function filesOfFamily(
  { unet, scheduler }: BaseModel,
  { family: usual, texts }: CheckpointKind,
): Promise<FolderFiles> {
  const family = (await familyOfLayers(layersOfConfig(unet.config), usual)) ?? usual;
  const files = new Map<string, FolderFile>();
  const write = async (
    part: string,
    name: string,
    own: Readonly<Record<string, unknown>> = {},
  ): Promise<Readonly<Record<string, unknown>>> => {
    const json = { ...(await familyJson(family, part, `${name}.json`)), ...own };
    files.set(`${part}/${name}.json`, { text: toJson(json) });
    return json;
  };
  const { inChannels, sampleSize } = unet.config;
  await write('unet', 'config', { in_channels: inChannels, sample_size: sampleSize });
  await write('vae', 'config');
  const { _class_name } = await write('scheduler', 'scheduler_config', {
    ...Object.fromEntries(
      ownSettings.flatMap((key) => {
        const value = scheduler.stated[key];
        return value === undefined ? [] : [[key, value]];
      }),
    ),
  });
  const encoderClasses: string[] = [];
  for (const [i, encoder] of families[family].textEncoders.entries()) {
    const { architectures } = await write(encoder, 'config');
    encoderClasses.push(String([architectures].flat()[0]));
    const ofTokenizer = await tokenizerTexts(required(texts, i).pad);
    for (const [name, text] of Object.entries(ofTokenizer)) {
      files.set(`${tokenizerFolder(encoder)}/${name}`, { text });
    }
  }
  const index = modelIndexText(families[family], {
    encoderClasses,
    scheduler: String(_class_name),
  });
  files.set('model_index.json', { text: index });
  return { files, texts: textFolders(family) };
}

function textFolders(family: FamilyName): FolderFiles['texts'] {
  return families[family].textEncoders.map((encoder) => ({
    encoder,
    tokenizer: tokenizerFolder(encoder),
  }));
}
