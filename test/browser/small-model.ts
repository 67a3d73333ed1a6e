/** @file A base with random weights and few kinds of layers, where what counts is not what it draws. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { openTokenizer } from '../../src/data/open-tokenizer.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { encodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import type { Value } from '../../src/graph/index.ts';
import { parseClipTextConfig } from '../../src/models/clip/clip-config.ts';
import { traceUNet } from '../../src/models/unet/sites.ts';
import { parseUNetConfig } from '../../src/models/unet/unet-config.ts';
import { parseVaeConfig } from '../../src/models/vae/vae-config.ts';
import { textClaims, vaeClaims } from '../../src/models/weight-claims.ts';
import { fromFloat32 } from '../../src/tensor/half.ts';
import { elementCount, float32, type Shape } from '../../src/tensor/tensor.ts';

const width = 32;
const groups = 8;

const unet = {
  _class_name: 'UNet2DConditionModel',
  attention_head_dim: 2,
  block_out_channels: [width, width],
  cross_attention_dim: width,
  down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
  in_channels: 4,
  out_channels: 4,
  layers_per_block: 1,
  norm_num_groups: groups,
  sample_size: 8,
};

const vae = {
  _class_name: 'AutoencoderKL',
  block_out_channels: [width, width],
  down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D'],
  up_block_types: ['UpDecoderBlock2D', 'UpDecoderBlock2D'],
  latent_channels: 4,
  layers_per_block: 1,
  norm_num_groups: groups,
  sample_size: 16,
  scaling_factor: 1,
};

/** Writes the model: two levels of one width, attention at the finer one; the bundled model's words and noise schedule. */
export async function writeSmallModel(folder: string): Promise<void> {
  for (const name of ['tokenizer', 'scheduler', 'model_index.json']) {
    cpSync(join(pocketFolder(), name), join(folder, name), { recursive: true });
  }
  const { vocabularySize, modelMaxLength } = await openTokenizer(join(folder, 'tokenizer'));
  const text = {
    architectures: ['CLIPTextModel'],
    hidden_size: width,
    intermediate_size: 2 * width,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    vocab_size: vocabularySize,
    max_position_embeddings: modelMaxLength,
    hidden_act: 'quick_gelu',
    projection_dim: width,
  };
  const diffusion = 'diffusion_pytorch_model.safetensors';
  const textWeights = textClaims(parseClipTextConfig(text, 'text'));
  writePart(join(folder, 'text_encoder'), 'model.safetensors', text, textWeights);
  writePart(
    join(folder, 'unet'),
    diffusion,
    unet,
    traceUNet(parseUNetConfig(unet, 'UNet')).weights,
  );
  writePart(join(folder, 'vae'), diffusion, vae, vaeClaims(parseVaeConfig(vae, 'VAE')));
}

function writePart(
  folder: string,
  file: string,
  config: object,
  claims: ReadonlyMap<string, Value>,
): void {
  const random = new TorchGenerator(claims.size);
  const weights = [...claims].map(
    ([name, { shape }]) => [name, fromFloat32(drawn(name, shape, random), 'f16')] as const,
  );
  mkdirSync(folder);
  writeFileSync(join(folder, file), encodeSafetensors(weights, {}));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
}

/** Small enough that sums stay so. */
function drawn(name: string, shape: Shape, random: TorchGenerator) {
  const count = elementCount(shape);
  if (shape.length === 1)
    return float32(shape, new Float32Array(count).fill(Number(name.endsWith('weight'))));
  const scale = 0.7 / Math.sqrt(count / (shape[0] ?? 1));
  return float32(
    shape,
    random.randn(count).map((value) => value * scale),
  );
}
