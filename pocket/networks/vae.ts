/** @file The autoencoder: pictures to latents and back. */
import { join } from 'node:path';
import type { TorchGenerator } from '../../src/base/torch-random.ts';
import {
  add,
  exp,
  type Graph,
  input,
  mean,
  multiply,
  reshape,
  slice,
  sqrt,
  square,
  subtract,
  type Value,
} from '../../src/graph/index.ts';
import { decode, encode } from '../../src/models/vae/vae.ts';
import { parseVaeConfig } from '../../src/models/vae/vae-config.ts';
import type { Scope } from '../../src/nn/index.ts';
import { drawNormal } from '../../src/tensor/tensor.ts';
import { encodedLatents, type LatentPool } from '../latent-pool.ts';
import { writePart } from '../model-folder.ts';
import { centred, pictureBatch, type ScenePool } from '../scene-pool.ts';
import type { Feeds } from '../training/gradient-worker.ts';
import { type TracedLoss, wholeStep } from '../training/whole-step.ts';
import { type StageSize, trainStage, type Workshop } from '../workshop.ts';

/** Trains the autoencoder and writes it, with the factor by which latents are scaled. */
export async function trainVae(shop: Workshop, size: StageSize): Promise<LatentPool> {
  const { pool, out, report } = shop;
  const json = vaeJson(pool.size, 1);
  const weights = await trainStage(shop, {
    name: 'vae',
    size,
    step: wholeStep(vaeLoss(json, size.batch)),
    share: vaeShare(pool, size.batch),
  });
  const encoded = await encodedLatents(shop.pool, json, {
    weights,
    report: (done) => report({ name: 'latents', done, of: pool.scenes.length }),
  });
  const scaled = { ...json, scaling_factor: encoded.scalingFactor };
  await writePart(join(out, 'vae'), scaled, weights, 'diffusion_pytorch_model.safetensors');
  return encoded;
}

/** Twice Stable Diffusion's: at equal steps a picture comes back 1.3 dB nearer to itself, and the UNet costs as much. */
const latentChannels = 8;

/** config.json of an AutoencoderKL. */
function vaeJson(pictureSize: number, scalingFactor: number) {
  return {
    _class_name: 'AutoencoderKL',
    act_fn: 'silu',
    block_out_channels: [16, 32, 64],
    down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D', 'DownEncoderBlock2D'],
    up_block_types: ['UpDecoderBlock2D', 'UpDecoderBlock2D', 'UpDecoderBlock2D'],
    in_channels: 3,
    out_channels: 3,
    latent_channels: latentChannels,
    layers_per_block: 1,
    mid_block_add_attention: true,
    norm_num_groups: 8,
    sample_size: pictureSize,
    scaling_factor: scalingFactor,
    use_quant_conv: true,
    use_post_quant_conv: true,
  };
}

/** Of the divergence from a normal distribution: enough to keep latents smooth. */
const divergenceWeight = 1e-3;
/** Pixels along the side of a patch whose mean colour is compared: a latent's. */
const patch = 4;

/** The loss of `batch` pictures in [−1, 1]. */
function vaeLoss(json: ReturnType<typeof vaeJson>, batch: number) {
  const config = parseVaeConfig(json, 'VAE');
  const size = json.sample_size;
  const latents = [batch, config.latentChannels, size / patch, size / patch];
  return (graph: Graph, scope: Scope): TracedLoss => {
    const pictures = input(graph, 'pictures', 'f32', [batch, 3, size, size]);
    const moments = encode(scope, config, pictures);
    const means = slice(moments, 1, 0, config.latentChannels);
    const logVariances = slice(moments, 1, config.latentChannels, 2 * config.latentChannels);
    const deviations = exp(multiply(logVariances, 0.5));
    const sampled = add(means, multiply(deviations, input(graph, 'noise', 'f32', latents)));
    const error = subtract(decode(scope, config, sampled), pictures);
    const divergence = average(
      subtract(subtract(add(square(means), exp(logVariances)), 1), logVariances),
    );
    const reconstruction = add(size1(error), add(outlines(error), colours(error, size)));
    const loss = add(reconstruction, multiply(divergence, divergenceWeight));
    return { loss, squaredError: average(square(error)), divergence };
  };
}

function average(x: Value): Value {
  return reshape(
    mean(
      x,
      x.shape.map((_, axis) => axis),
    ),
    [],
  );
}

/** Mean of |x|, rounded off near zero. */
function size1(x: Value): Value {
  return average(sqrt(add(square(x), 1e-4)));
}

/** Of the differences of neighbours: where an outline is missing, they are. */
function outlines(error: Value): Value {
  const differences = (axis: number) => {
    const end = error.shape[axis] ?? 0;
    return subtract(slice(error, axis, 1, end), slice(error, axis, 0, end - 1));
  };
  return add(size1(differences(2)), size1(differences(3)));
}

/** Of the mean colours of patches, without which outlines are learnt first and colours late. */
function colours(error: Value, size: number): Value {
  const [batch = 0, channels = 0] = error.shape;
  const patches = size / patch;
  return size1(mean(reshape(error, [batch, channels, patches, patch, patches, patch]), [3, 5]));
}

/** Random scenes, and the noise that their latents are drawn with. */
function vaeShare(pool: ScenePool, batch: number): (generator: TorchGenerator) => Feeds {
  const side = pool.size / patch;
  return (generator) => ({
    pictures: pictureBatch(pool, [...generator.randint(0, pool.scenes.length, batch)], centred),
    noise: drawNormal(generator, [batch, latentChannels, side, side]),
  });
}
