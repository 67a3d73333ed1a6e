/** @file A base with random weights and few kinds of layers, where what counts is not what it draws. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { openTokenizer } from '../../src/data/open-tokenizer.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { randomModelParts } from '../../src/pipeline/random/random-model-parts.ts';
import { randomTensor } from '../../src/pipeline/random/random-tensors.ts';
import { writeSafetensors } from '../../src/storage/weights/safetensors-writer.ts';
import { filesOf, keptFolder } from '../programs/kept-folder.ts';

const width = 32;
const groups = 8;

/** Two levels of one width, attention at the finer one. */
const unet = {
  attention_head_dim: 2,
  block_out_channels: [width, width],
  cross_attention_dim: width,
  down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
  layers_per_block: 1,
  norm_num_groups: groups,
  sample_size: 8,
};

const vae = {
  block_out_channels: [width, width],
  down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D'],
  up_block_types: ['UpDecoderBlock2D', 'UpDecoderBlock2D'],
  layers_per_block: 1,
  norm_num_groups: groups,
  sample_size: 16,
};

/** Writes the model, with the bundled model's words and noise schedule. */
export async function writeSmallModel(folder: string): Promise<void> {
  for (const name of ['tokenizer', 'scheduler', 'model_index.json']) {
    cpSync(join(pocketFolder(), name), join(folder, name), { recursive: true });
  }
  const { vocabularySize, modelMaxLength } = await openTokenizer(join(folder, 'tokenizer'));
  const text = {
    hidden_size: width,
    intermediate_size: 2 * width,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    projection_dim: width,
    vocab_size: vocabularySize,
    max_position_embeddings: modelMaxLength,
  };
  const random = new TorchGenerator(1);
  for (const part of await randomModelParts('sd15', { unet, vae, text_encoder: text })) {
    const place = join(folder, part.folder);
    mkdirSync(place);
    writeFileSync(join(place, 'config.json'), JSON.stringify(part.config));
    const specs = [...part.claims].map(
      ([name, { shape }]) => [name, { dtype: 'f16', shape }] as const,
    );
    await writeSafetensors(join(place, part.weightsFile), specs, (name, spec) =>
      randomTensor(name, spec, random),
    );
  }
}

/** The folder of the model, written once for all tests. */
export async function smallModel(): Promise<string> {
  const files = await filesOf([
    'models/pocket/tokenizer',
    'src/models',
    'src/pipeline/random',
    'test/browser/small-model.ts',
  ]);
  return await keptFolder('small-model', { values: 1, files }, writeSmallModel);
}
