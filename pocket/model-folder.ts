/** @file The finished model as the folder of a pipeline: configurations, half-precision weights, tokenizer, scheduler. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transform } from '../src/data/transforms.ts';
import { encodeSafetensors } from '../src/formats/safetensors/safetensors.ts';
import type { NamedTensors } from '../src/optim/optimizer.ts';
import { writeFileAtomic } from '../src/storage/files/atomic-file.ts';
import { fromFloat32 } from '../src/tensor/half.ts';

/** config.json and weights of one part, under the file name that its library looks for. */
export async function writePart(
  folder: string,
  config: object,
  weights: NamedTensors,
  file: 'model.safetensors' | 'diffusion_pytorch_model.safetensors',
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const halves = [...weights].map(([name, value]) => [name, fromFloat32(value, 'f16')] as const);
  await writeFileAtomic(join(folder, file), encodeSafetensors(halves, { format: 'pt' }));
  await writeJson(join(folder, 'config.json'), config);
}

/** preprocessor_config.json: how pictures are made ready, for the library that reads the part. */
export async function writePreprocessor(
  folder: string,
  kind: 'CLIPImageProcessor' | 'ViTImageProcessor',
  { cropTo, mean, deviation }: Pick<Transform, 'cropTo' | 'mean' | 'deviation'>,
): Promise<void> {
  const { width, height } = cropTo;
  const isCropped = kind === 'CLIPImageProcessor';
  await writeJson(join(folder, 'preprocessor_config.json'), {
    image_processor_type: kind,
    do_resize: true,
    size: isCropped ? { shortest_edge: height } : { height, width },
    resample: 3,
    ...(isCropped && { do_center_crop: true, crop_size: { height, width }, do_convert_rgb: true }),
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: mean,
    image_std: deviation,
  });
}

/** A JSON file as people read it. */
export async function writeJson(path: string, value: object): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** scheduler_config.json: zero terminal SNR, so that pictures may be dark or bright as a whole. */
export const schedulerJson = {
  _class_name: 'DDIMScheduler',
  num_train_timesteps: 1000,
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  trained_betas: null,
  clip_sample: false,
  set_alpha_to_one: false,
  steps_offset: 1,
  prediction_type: 'v_prediction',
  rescale_betas_zero_snr: true,
  timestep_spacing: 'trailing',
} as const;

/** model_index.json. */
export const indexJson = {
  _class_name: 'StableDiffusionPipeline',
  requires_safety_checker: false,
  safety_checker: [null, null],
  feature_extractor: [null, null],
  image_encoder: [null, null],
  scheduler: ['diffusers', 'DDIMScheduler'],
  text_encoder: ['transformers', 'CLIPTextModel'],
  tokenizer: ['transformers', 'CLIPTokenizer'],
  unet: ['diffusers', 'UNet2DConditionModel'],
  vae: ['diffusers', 'AutoencoderKL'],
} as const;
