/** @file A BLIP-Diffusion folder in its published layout, of the fixtures' tiny parts. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixturePath } from './fixtures.ts';

const parts = {
  unet: 'unet-sd15',
  vae: 'vae-sd',
  text_encoder: 'clip-text',
  tokenizer: 'clip-tokenizer/tokenizer',
  qformer: 'blip-diffusion/qformer',
  image_processor: 'blip-diffusion/image_processor',
} as const;

const classes = {
  unet: ['diffusers', 'UNet2DConditionModel'],
  vae: ['diffusers', 'AutoencoderKL'],
  text_encoder: ['blip_diffusion', 'ContextCLIPTextModel'],
  tokenizer: ['transformers', 'CLIPTokenizer'],
  qformer: ['blip_diffusion', 'Blip2QFormerModel'],
  image_processor: ['blip_diffusion', 'BlipImageProcessor'],
  scheduler: ['diffusers', 'PNDMScheduler'],
};

const scheduler = {
  _class_name: 'PNDMScheduler',
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  set_alpha_to_one: false,
  skip_prk_steps: true,
};

/** Makes the folder; `index` changes its model_index.json, parts in `without` are left out. */
export async function makeBlipFolder(
  folder: string,
  {
    index = {},
    without = [],
  }: { readonly index?: object; readonly without?: readonly (keyof typeof parts)[] } = {},
): Promise<string> {
  await mkdir(join(folder, 'scheduler'), { recursive: true });
  for (const [part, fixture] of Object.entries(parts)) {
    if (!without.includes(part as keyof typeof parts)) {
      await symlink(fixturePath(fixture), join(folder, part));
    }
  }
  const write = async (name: string, json: object) =>
    await writeFile(join(folder, name), JSON.stringify(json));
  await write('scheduler/scheduler_config.json', scheduler);
  await write('model_index.json', {
    ...{ _class_name: 'BlipDiffusionPipeline', ctx_begin_pos: 2, mean: null, std: null },
    ...classes,
    ...index,
  });
  return folder;
}
