/** @file The denoiser, told by the frozen text encoder; v-prediction down to no signal at all. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { required } from '../../src/base/required.ts';
import type { TorchGenerator } from '../../src/base/torch-random.ts';
import { NoiseSchedule } from '../../src/diffusion/noise-schedule.ts';
import {
  constant,
  type Graph,
  input,
  mean,
  reshape,
  square,
  subtract,
} from '../../src/graph/index.ts';
import { parseClipConfig } from '../../src/models/clip/clip-config.ts';
import { clipText } from '../../src/models/clip/clip-text.ts';
import { sinusoids } from '../../src/models/unet/time-features.ts';
import { unet } from '../../src/models/unet/unet.ts';
import { parseUNetConfig } from '../../src/models/unet/unet-config.ts';
import type { Scope } from '../../src/nn/index.ts';
import {
  concatenated,
  drawNormal,
  int64,
  rowsOf,
  type Shape,
  type Tensor,
} from '../../src/tensor/tensor.ts';
import { schedulerJson, writeJson, writePart } from '../model-folder.ts';
import type { Feeds } from '../training/gradient-worker.ts';
import { type TracedLoss, wholeStep } from '../training/whole-step.ts';
import { type StageSize, trainStage, under, type Workshop } from '../workshop.ts';
import { type Clip, type ClipJson, textFeeds } from './clip.ts';
import { textLength } from './tokenizer.ts';

/** Trains the denoiser on latents and writes it with its noise schedule. */
export async function trainUnet(
  shop: Workshop,
  size: StageSize,
  { latents, clip }: { readonly latents: Tensor<'f32'>; readonly clip: Clip },
): Promise<void> {
  const json = unetJson(latents.shape);
  const texts = [...under('text_model.', clip.weights)];
  const weights = await trainStage(shop, {
    name: 'unet',
    size,
    step: wholeStep(unetLoss(json, clip.json, size.batch), (name) => name.startsWith(own)),
    share: unetShare(shop, latents, { batch: size.batch, features: json.block_out_channels[0] }),
    given: new Map(texts.map(([name, value]) => [`text_encoder.${name}`, value])),
  });
  const named = [...under(own, weights)].map(
    ([name, value]) => [name.slice(own.length), value] as const,
  );
  await writePart(
    join(shop.out, 'unet'),
    json,
    new Map(named),
    'diffusion_pytorch_model.safetensors',
  );
  await mkdir(join(shop.out, 'scheduler'), { recursive: true });
  await writeJson(join(shop.out, 'scheduler', 'scheduler_config.json'), schedulerJson);
}

/** Begins the names of the denoiser's weights beside the text encoder's. */
const own = 'unet.';

/** config.json of a UNet2DConditionModel: attention where Stable Diffusion has it, at all levels but the coarsest. */
function unetJson([, channels = 0, latentSize = 0]: Shape) {
  return {
    _class_name: 'UNet2DConditionModel',
    act_fn: 'silu',
    attention_head_dim: [2, 3, 5],
    block_out_channels: [64, 96, 160] as const,
    cross_attention_dim: 128,
    down_block_types: ['CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D'],
    up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D'],
    mid_block_type: 'UNetMidBlock2DCrossAttn',
    downsample_padding: 1,
    flip_sin_to_cos: true,
    freq_shift: 0,
    in_channels: channels,
    out_channels: channels,
    layers_per_block: 1,
    norm_eps: 1e-5,
    norm_num_groups: 16,
    sample_size: latentSize,
    transformer_layers_per_block: 1,
    use_linear_projection: false,
  };
}

/** The loss of `batch` noisy latents; the weights of the text encoder are under `text_encoder`, those of the UNet under `unet`. */
function unetLoss(json: ReturnType<typeof unetJson>, clip: ClipJson, batch: number) {
  const config = parseUNetConfig(json, 'UNet');
  const { text } = parseClipConfig(clip, 'CLIP');
  const shape = [batch, json.in_channels, json.sample_size, json.sample_size];
  return (graph: Graph, scope: Scope): TracedLoss => {
    const encoded = clipText(scope.child('text_encoder'), text, {
      ids: input(graph, 'ids', 'i64', [batch, textLength]),
      pooledRows: constant(graph, int64([1], [0])),
    });
    const prediction = unet(scope.child('unet'), config, {
      sample: input(graph, 'sample', 'f32', shape),
      timeFeatures: input(graph, 'timeFeatures', 'f32', [batch, json.block_out_channels[0]]),
      context: encoded.lastHiddenState,
    });
    const errors = square(subtract(prediction, input(graph, 'target', 'f32', shape)));
    return { loss: reshape(mean(errors, [0, 1, 2, 3]), []) };
  };
}

/** Of the captions that are left out, so that guidance has something to lead away from. */
const untold = 0.1;

/** Random latents with noise of random timesteps. */
function unetShare(
  { pool, tokenizer }: Pick<Workshop, 'pool' | 'tokenizer'>,
  latents: Tensor<'f32'>,
  {
    batch,
    features,
  }: {
    readonly batch: number;
    /** Sinusoids of a timestep. */
    readonly features: number;
  },
): (generator: TorchGenerator) => Feeds {
  const schedule = new NoiseSchedule(schedulerJson);
  return (generator) => {
    const indices = [...generator.randint(0, pool.scenes.length, batch)];
    const clean = concatenated(indices.map((index) => rowsOf(latents, index, index + 1)));
    const noise = drawNormal(generator, clean.shape);
    const timesteps = generator.randint(0, schedule.length, batch);
    const told = generator.rand(batch).map((chance) => Number(chance >= untold));
    const captions = indices.map((index, i) =>
      told[i] === 0 ? '' : required(pool.scenes, index).caption,
    );
    return {
      ids: textFeeds(captions, tokenizer).ids,
      sample: schedule.addNoise(clean, noise, timesteps),
      target: schedule.velocity(clean, noise, timesteps),
      timeFeatures: sinusoids(timesteps, { size: features }),
    };
  };
}
