/** @file Where an encoder for pictures lies: bundled, on the hub, or in a folder in the layout of transformers. */
import * as z from 'zod';
import { ModelError, SystemError } from '../base/errors.ts';
import { pocketFolder } from '../data/pocket.ts';
import { join, resolve } from '../platform/paths.ts';
import { readJson } from '../storage/files/json-file.ts';
import { chooseEncoderFiles, encoderIndex } from '../storage/hub/file-choice.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { hubNameUnlessPath } from '../storage/hub/local-first.ts';
import { openHubModel } from '../storage/hub/snapshot.ts';

/** The folder of an encoder. */
export interface EncoderFolder {
  /** As the user named it; of the hub, the very content: `owner/name@<commit>`. */
  readonly name: string;
  readonly folder: string;
}

/** What each kind is, which flag names it, and which model stands for it. */
const kinds = {
  clip: { modelType: 'clip', what: 'a CLIPModel', example: 'openai/clip-vit-base-patch32' },
  vit: { modelType: 'vit', what: 'a ViTModel', example: 'facebook/dino-vits16' },
} as const;

/**
 * The folder of an encoder: `pocket` for one of the bundled pair, a path, or a model of the hub, `owner/name@revision`,
 * which is downloaded.
 *
 * @throws ModelError or SystemError where the hub has no such model or a download fails
 */
export async function locateEncoder(
  name: string,
  pocketPart: 'clip' | 'dino',
  host: HubHost = {},
): Promise<EncoderFolder> {
  if (name === 'pocket') return { name, folder: join(pocketFolder(), pocketPart) };
  const onHub = await hubNameUnlessPath(name);
  if (onHub === undefined) return { name, folder: resolve(name) };
  return await openHubModel(onHub, host, { indexFile: encoderIndex, choose: chooseEncoderFiles });
}

const schema = z.looseObject({ model_type: z.string().optional() });

/**
 * The content of an encoder's config.json.
 *
 * @throws ModelError ENCODER_FOLDER where there is none, or of another kind of model
 */
export async function readEncoderConfig(
  folder: string,
  kind: keyof typeof kinds,
): Promise<{ readonly json: unknown; readonly path: string }> {
  const { modelType, what, example } = kinds[kind];
  const path = join(folder, 'config.json');
  const refuse = (found: string, cause?: unknown) =>
    new ModelError(
      'ENCODER_FOLDER',
      `${folder}: expected the folder of ${what} with config.json and model.safetensors, such as ${example}, found ${found}; give such a folder, or "pocket" for the bundled one`,
      { cause },
    );
  const json = await readJson(path, 'encoder configuration').catch((error: unknown) => {
    if (error instanceof SystemError) throw refuse('no config.json', error);
    throw error;
  });
  const found = schema.safeParse(json).data?.model_type;
  if (found !== undefined && found !== modelType) throw refuse(`a model of type "${found}"`);
  return { json, path };
}
