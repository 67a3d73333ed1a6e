/** @file An x4 upscaler's folder in its published layout, of the fixtures' tiny parts. */
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixturePath } from './fixtures.ts';

const parts = {
  unet: 'x4-upscaler/unet',
  vae: 'x4-upscaler/vae',
  text_encoder: 'openclip-text-sd2',
  tokenizer: 'clip-tokenizer/tokenizer_pad_bang',
} as const;

/** Makes the folder. */
export async function makeUpscalerFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [part, fixture] of Object.entries(parts)) {
    await symlink(fixturePath(fixture), join(folder, part));
  }
  const index = JSON.parse(await readFile(fixturePath('x4-upscaler/model_index.json'), 'utf8'));
  for (const part of ['scheduler', 'low_res_scheduler']) {
    await mkdir(join(folder, part));
    await writeFile(join(folder, part, 'scheduler_config.json'), JSON.stringify(index[part]));
  }
  const { _class_name, max_noise_level } = index;
  await writeFile(
    join(folder, 'model_index.json'),
    JSON.stringify({
      ...{ _class_name, max_noise_level },
      ...{ unet: ['diffusers', 'UNet2DConditionModel'], vae: ['diffusers', 'AutoencoderKL'] },
      text_encoder: ['transformers', 'CLIPTextModel'],
      tokenizer: ['transformers', 'CLIPTokenizer'],
      scheduler: ['diffusers', 'DDIMScheduler'],
      low_res_scheduler: ['diffusers', 'DDPMScheduler'],
    }),
  );
  return folder;
}
