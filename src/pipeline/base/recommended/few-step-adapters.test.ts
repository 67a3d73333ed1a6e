import { expect, test } from 'vitest';
import { distilledAdapter } from './few-step-adapters.ts';

const oneStep = { sampler: 'tcd', steps: 1, guidance: 1, eta: 1 };

test.each([
  ['lcm-lora-sdv1-5.safetensors', { sampler: 'lcm', steps: 4, guidance: 1 }],
  ['loras/lcm_lora_sdxl_fp16.safetensors', { sampler: 'lcm', steps: 4, guidance: 1 }],
  ['sdxl_lightning_8step_lora.safetensors', { sampler: 'euler-trailing', steps: 8, guidance: 1 }],
  ['Hyper-SD15-1step-lora.safetensors', oneStep],
  ['loras/hyper-sdxl-1step-lora.safetensors', oneStep],
  ['Hyper-SDXL-2steps-lora.safetensors', { sampler: 'ddim-trailing', steps: 2, guidance: 1 }],
  ['Hyper-SD15-12steps-CFG-lora.safetensors', { sampler: 'ddim-trailing', steps: 12 }],
  [
    'dmd2_sdxl_4step_lora_fp16.safetensors',
    { sampler: 'lcm', steps: 4, timesteps: [999, 749, 499, 249], guidance: 1 },
  ],
  [
    'TCD-SDXL-LoRA/pytorch_lora_weights.safetensors',
    { sampler: 'tcd', steps: 4, guidance: 1, eta: 0.3 },
  ],
  [
    '/hub/models--latent-consistency--lcm-lora-ssd-1b/snapshots/0a1b/pytorch_lora_weights.safetensors',
    { sampler: 'lcm', steps: 4, guidance: 1 },
  ],
])('%s is known by its name', (file, generate) => {
  expect(distilledAdapter(file)).toEqual({
    what: expect.stringContaining(`${file} is by its name a`),
    generate,
  });
});

test.each([
  'my-lcm-lora-sdxl.safetensors',
  'pytorch_lora_weights.safetensors',
  'lcm-lora-sdxl/mine/pytorch_lora_weights.safetensors',
  'lcm-lora-sdxl/dog.safetensors',
  'hyper-realism.safetensors',
  'sdxl_lightning_style.safetensors',
  'Hyper-FLUX.1-dev-8steps-lora.safetensors',
])('%s is taken for none', (file) => {
  expect(distilledAdapter(file)).toBeUndefined();
});
