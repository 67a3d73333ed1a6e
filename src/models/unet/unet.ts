/** @file UNet2DConditionModel: the denoiser of Stable Diffusion 1.x, 2.x and XL. */
import { lastOf, required } from '../../base/required.ts';
import { add, concatenate, silu, type Value } from '../../graph/index.ts';
import { convolution, embedding, groupNorm, linear, type Scope } from '../../nn/index.ts';
import { downsample, resnet, upsample } from '../resnet.ts';
import { spatialTransformer } from './transformer.ts';
import type { UNetConfig } from './unet-config.ts';
import type { UNetLevel } from './unet-levels.ts';

/** What the UNet sees of a noisy batch. */
export interface UNetInputs {
  readonly sample: Value; // [N, inChannels, H, W]
  /** Sinusoids of the timesteps (time-features.ts): [N, channels of the finest level]. */
  readonly timeFeatures: Value;
  /** Text states: [N, tokens, contextSize]. */
  readonly context: Value;
  /** SDXL: pooled text and sinusoids of the six time ids: [N, addition.featureSize]. */
  readonly additionFeatures?: Value | undefined;
  /** Sinusoids of the guidance scale, of networks that were distilled with it: [N, guidanceSize]. */
  readonly guidanceFeatures?: Value | undefined;
  /** Where the config has classes, that of every sample: [N], i64. */
  readonly classes?: Value | undefined;
}

/** What every block needs besides its input. */
interface Conditioning {
  readonly config: UNetConfig;
  readonly timeEmbedding: Value;
  readonly context: Value;
}

/** The prediction for a noisy sample: [N, outChannels, H, W]. */
export function unet(scope: Scope, config: UNetConfig, inputs: UNetInputs): Value {
  const timeEmbedding = embedTime(scope, config, inputs);
  const conditioning = { config, timeEmbedding, context: inputs.context };
  const [finest] = config.levels;
  let x = convolution(scope.child('conv_in'), inputs.sample, { out: finest?.channels ?? 0 });
  const skips = [x];
  config.levels.forEach((level, i) => {
    const last = i === config.levels.length - 1;
    x = downBlock(scope.child(`down_blocks.${i}`), x, { level, last, skips, conditioning });
  });
  x = middleBlock(scope.child('mid_block'), x, conditioning);
  [...config.levels].reverse().forEach((level, i) => {
    const last = i === config.levels.length - 1;
    x = upBlock(scope.child(`up_blocks.${i}`), x, { level, last, skips, conditioning });
  });
  const { groups, epsilon } = config;
  x = silu(groupNorm(scope.child('conv_norm_out'), x, { groups, epsilon }));
  return convolution(scope.child('conv_out'), x, { out: config.outChannels });
}

/**
 * Two-layer perceptrons over the sinusoids; SDXL adds one over its pooled text and sizes, x4 upscalers the vector of a
 * class. → [N, 4·channels]
 */
function embedTime(scope: Scope, config: UNetConfig, inputs: UNetInputs): Value {
  const size = 4 * required(config.levels, 0).channels;
  const perceptron = (name: string, features: Value) => {
    const child = scope.child(name);
    const hidden = silu(linear(child.child('linear_1'), features, { out: size }));
    return linear(child.child('linear_2'), hidden, { out: size });
  };
  const { additionFeatures, classes } = inputs;
  const parts = [perceptron('time_embedding', timeFeatures(scope, config, inputs))];
  if (additionFeatures !== undefined) parts.push(perceptron('add_embedding', additionFeatures));
  if (config.classes !== undefined && classes !== undefined) {
    const entries = config.classes;
    parts.push(embedding(scope.child('class_embedding'), classes, { entries, size }));
  }
  return parts.reduce((sum, part) => add(sum, part));
}

/** With what the guidance scale adds to them, where the network is told any (Meng et al. 2023). */
function timeFeatures(
  scope: Scope,
  { guidanceSize, levels }: UNetConfig,
  { timeFeatures, guidanceFeatures }: UNetInputs,
): Value {
  if (guidanceSize === undefined || guidanceFeatures === undefined) return timeFeatures;
  const out = required(levels, 0).channels;
  const projection = scope.child('time_embedding').child('cond_proj');
  return add(timeFeatures, linear(projection, guidanceFeatures, { out, bias: false }));
}

interface Block {
  readonly level: UNetLevel;
  readonly last: boolean;
  /** Outputs of the way down, taken back last first on the way up. */
  readonly skips: Value[];
  readonly conditioning: Conditioning;
}

function downBlock(scope: Scope, input: Value, { level, last, skips, conditioning }: Block): Value {
  let x = input;
  for (const [j, depth] of level.down.entries()) {
    x = layer(scope, x, { j, level, depth, conditioning });
    skips.push(x);
  }
  if (last) return x;
  x = downsample(scope.child('downsamplers.0'), x);
  skips.push(x);
  return x;
}

/** Two residual blocks around a transformer; smaller models have one alone, or nothing. */
function middleBlock(scope: Scope, input: Value, conditioning: Conditioning): Value {
  const { levels, middle: depth } = conditioning.config;
  const coarsest = levels.at(-1);
  if (coarsest === undefined || depth === undefined) return input;
  // Its attention is to itself whatever that of the coarsest level is to.
  const level = { ...coarsest, textOnly: false };
  const x = layer(scope, input, { j: 0, level, depth, conditioning });
  return depth === 0 ? x : layer(scope, x, { j: 1, level, depth: 0, conditioning });
}

function upBlock(scope: Scope, input: Value, { level, last, skips, conditioning }: Block): Value {
  let x = input;
  for (const [j, depth] of level.up.entries()) {
    const skip = skips.pop();
    if (skip !== undefined) x = concatenate([x, skip], 1);
    x = layer(scope, x, { j, level, depth, conditioning });
  }
  if (last) return x;
  // An odd size on the way down was rounded up: go back to the size of the skip that comes next.
  const [, , height = 0, width = 0] = lastOf(skips).shape;
  return upsample(scope.child('upsamplers.0'), x, height, width);
}

interface Layer {
  readonly j: number;
  readonly level: UNetLevel;
  /** Transformer blocks behind the residual block. */
  readonly depth: number;
  readonly conditioning: Conditioning;
}

/** A residual block, followed by a transformer where it has any blocks. */
function layer(scope: Scope, input: Value, { j, level, depth, conditioning }: Layer): Value {
  const { config, timeEmbedding, context } = conditioning;
  const { groups, epsilon } = config;
  const x = resnet(scope.child(`resnets.${j}`), input, {
    out: level.channels,
    groups,
    epsilon,
    timeEmbedding,
  });
  if (depth === 0) return x;
  const { linearProjection } = config;
  return spatialTransformer(scope.child(`attentions.${j}`), x, {
    context,
    heads: level.heads,
    depth,
    groups,
    linearProjection,
    textOnly: level.textOnly,
  });
}
