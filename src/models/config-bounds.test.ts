/** @file Configurations of models that could not even be traced are refused by name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ModelError } from '../base/errors.ts';
import { pocketFolder } from '../data/pocket.ts';
import { parseClipTextConfig } from './clip/clip-config.ts';
import { parseUNetConfig } from './unet/unet-config.ts';
import { parseVaeConfig } from './vae/vae-config.ts';

const configs = {
  unet: parseUNetConfig,
  vae: parseVaeConfig,
  text_encoder: parseClipTextConfig,
} as const;

test.each([
  ['unet', 'layers_per_block', 1e9],
  ['unet', 'attention_head_dim', 1e9],
  ['unet', 'cross_attention_dim', 1e12],
  ['unet', 'block_out_channels', Array(10_000).fill(32)],
  ['vae', 'layers_per_block', 1e9],
  ['vae', 'latent_channels', 1e12],
  ['text_encoder', 'num_hidden_layers', 1e9],
  ['text_encoder', 'vocab_size', 1e12],
] as const)('%s with %s beyond all models', (part, key, value) => {
  const path = join(pocketFolder(), part, 'config.json');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  expect(() => configs[part](config, path)).not.toThrow();
  const refused = () => configs[part]({ ...config, [key]: value }, path);
  expect(refused).toThrow(ModelError);
  expect(refused).toThrow(key);
});
