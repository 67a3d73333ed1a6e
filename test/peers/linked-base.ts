/** @file The fixtures' parts linked into one folder, as diffusers lays a pipeline out. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BaseModel } from '../../src/pipeline/base/base-model.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';

/** The fixture of every part of a pipeline, by its folder there. */
const parts = {
  sd15: {
    unet: 'unet-sd15',
    vae: 'vae-sd',
    text_encoder: 'clip-text',
    tokenizer: 'clip-tokenizer/tokenizer',
    scheduler: 'unet-sd15',
  },
  sdxl: {
    unet: 'unet-sdxl',
    vae: 'vae-sdxl',
    text_encoder: 'clip-text',
    text_encoder_2: 'openclip-text-proj',
    tokenizer: 'clip-tokenizer/tokenizer',
    tokenizer_2: 'clip-tokenizer/tokenizer_pad_bang',
    scheduler: 'unet-sdxl',
  },
} as const;

export type BaseName = keyof typeof parts;

/** The fixture of a base's UNet. */
export function unetFixture(name: BaseName): string {
  return parts[name].unet;
}

const classes: Readonly<Record<string, readonly [library: string, name: string]>> = {
  unet: ['diffusers', 'UNet2DConditionModel'],
  vae: ['diffusers', 'AutoencoderKL'],
  scheduler: ['diffusers', 'DDPMScheduler'],
  text_encoder: ['transformers', 'CLIPTextModel'],
  text_encoder_2: ['transformers', 'CLIPTextModelWithProjection'],
  tokenizer: ['transformers', 'CLIPTokenizer'],
  tokenizer_2: ['transformers', 'CLIPTokenizer'],
};

/** Makes a new folder that both sides open, and opens it. */
export async function linkBase(
  folder: string,
  name: BaseName,
  fixtures: string,
): Promise<BaseModel> {
  await mkdir(folder, { recursive: true });
  const own = Object.entries(parts[name]);
  for (const [part, fixture] of own) {
    await symlink(resolve(fixtures, fixture), join(folder, part));
  }
  const index = {
    _class_name: name === 'sdxl' ? 'StableDiffusionXLPipeline' : 'StableDiffusionPipeline',
    ...Object.fromEntries(own.map(([part]) => [part, classes[part]])),
  };
  await writeFile(join(folder, 'model_index.json'), JSON.stringify(index));
  return await openBaseModel(folder);
}
