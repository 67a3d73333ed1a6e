/** @file Where an encoder for pictures lies: bundled, or a folder in the layout of transformers. */
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ModelError, SystemError } from '../base/errors.ts';
import { pocketFolder } from '../data/pocket.ts';
import { readJson } from '../storage/json-file.ts';

/** The folder of an encoder. */
export interface EncoderFolder {
  /** As the user named it. */
  readonly name: string;
  readonly folder: string;
}

/** What each kind is, which flag names it, and which model stands for it. */
const kinds = {
  clip: { modelType: 'clip', what: 'a CLIPModel', example: 'openai/clip-vit-base-patch32' },
  vit: { modelType: 'vit', what: 'a ViTModel', example: 'facebook/dino-vits16' },
} as const;

/** The folder of an encoder named `pocket`, which brings its own pair, or by its path. */
export function encoderFolder(name: string, pocketPart: 'clip' | 'dino'): EncoderFolder {
  return { name, folder: name === 'pocket' ? join(pocketFolder(), pocketPart) : resolve(name) };
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
