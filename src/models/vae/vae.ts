/** @file AutoencoderKL: pictures to latents and back. */
import { lastOf, required } from '../../base/required.ts';
import { add, axisSize, reshape, silu, transpose, type Value } from '../../graph/index.ts';
import {
  attention,
  convolution,
  groupNorm,
  linear,
  type Padding,
  type Scope,
} from '../../nn/index.ts';
import { resnet, upsample } from '../resnet.ts';
import type { VaeConfig } from './vae-config.ts';

const epsilon = 1e-6;
/** The encoder pads right and bottom only, then convolves with stride 2. */
const rightAndBottom: Padding = [0, 0, 1, 1];

/** A stretch of an autoencoder between planes [N, C, h, w] which, but for its norms, sees little of a plane at once. */
export interface VaeStage {
  readonly compute: (scope: Scope, plane: Value) => Value;
  /** Elements along a side of what is read and of what is written, for each of the smaller of both. */
  readonly read: number;
  readonly written: number;
  /** How far what is written sees to each side, in the smaller of both. */
  readonly reach: number;
}

/** Moments of the latents of pictures in [−1, 1]: [N, 3, H, W] → [N, 2·latentChannels, H/f, W/f], means then log-variances. */
export function encode(scope: Scope, config: VaeConfig, pictures: Value): Value {
  return encodeEnd(scope, config, following(scope, pictures, encoderStages(config)));
}

/** What encode() does first: all that is computed of planes larger than the latents. Norms see planes of the size that is written. */
export function encoderStages(config: VaeConfig): readonly VaeStage[] {
  return config.blockChannels.slice(0, -1).flatMap((_, level) =>
    Array.from({ length: config.layersPerBlock }, (_, j): VaeStage => {
      const isHalving = j === 0 && level > 0;
      return {
        ...{ read: isHalving ? 2 : 1, written: 1, reach: j === 0 ? 3 : 2 },
        compute: (scope, plane) => {
          const encoder = scope.child('encoder');
          const x = j === 0 ? entered(encoder, config, { level, from: plane }) : plane;
          return downResnet(encoder, config, { level, j, from: x });
        },
      };
    }),
  );
}

/** What encode() does after its stages, whose last plane it takes. */
export function encodeEnd(scope: Scope, config: VaeConfig, plane: Value): Value {
  const { groups, latentChannels, blockChannels, layersPerBlock } = config;
  const encoder = scope.child('encoder');
  const level = blockChannels.length - 1;
  let x = entered(encoder, config, { level, from: plane });
  for (let j = 0; j < layersPerBlock; j++) x = downResnet(encoder, config, { level, j, from: x });
  x = middle(encoder.child('mid_block'), x, groups);
  x = silu(groupNorm(encoder.child('conv_norm_out'), x, { groups, epsilon }));
  const out = 2 * latentChannels;
  x = convolution(encoder.child('conv_out'), x, { out });
  return config.quantConvolution
    ? convolution(scope.child('quant_conv'), x, { out, kernel: 1 })
    : x;
}

/** Pictures, not clamped, of latents that were divided by the scaling factor: [N, latentChannels, h, w] → [N, 3, f·h, f·w]. */
export function decode(scope: Scope, config: VaeConfig, latents: Value): Value {
  return following(scope, decodeStart(scope, config, latents), decoderStages(config));
}

/** What decode() does before its stages: all that is computed of planes as large as the latents, attention among it. */
export function decodeStart(scope: Scope, config: VaeConfig, latents: Value): Value {
  const { groups, latentChannels, layersPerBlock } = config;
  const decoder = scope.child('decoder');
  const out = lastOf(config.blockChannels);
  let x = config.postQuantConvolution
    ? convolution(scope.child('post_quant_conv'), latents, { out: latentChannels, kernel: 1 })
    : latents;
  x = convolution(decoder.child('conv_in'), x, { out });
  x = middle(decoder.child('mid_block'), x, groups);
  for (let j = 0; j <= layersPerBlock; j++) x = upResnet(decoder, config, { level: 0, j, from: x });
  return x;
}

/** What decode() does with the plane of its start. Norms see planes of the size that is written. */
export function decoderStages(config: VaeConfig): readonly VaeStage[] {
  const { blockChannels, layersPerBlock, groups } = config;
  const levels = blockChannels.slice(1).flatMap((_, i) =>
    Array.from({ length: layersPerBlock + 1 }, (_, j): VaeStage => {
      const level = i + 1;
      return {
        ...{ read: 1, written: j === 0 ? 2 : 1, reach: 2 },
        compute: (scope, plane) => {
          const decoder = scope.child('decoder');
          const x = j === 0 ? doubled(decoder, level, plane) : plane;
          return upResnet(decoder, config, { level, j, from: x });
        },
      };
    }),
  );
  const last: VaeStage = {
    ...{ read: 1, written: 1, reach: 1 },
    compute: (scope, plane) => {
      const decoder = scope.child('decoder');
      const x = silu(groupNorm(decoder.child('conv_norm_out'), plane, { groups, epsilon }));
      return convolution(decoder.child('conv_out'), x, { out: 3 });
    },
  };
  return [...levels, last];
}

function following(scope: Scope, plane: Value, stages: readonly VaeStage[]): Value {
  return stages.reduce((x, { compute }) => compute(scope, x), plane);
}

/** Where in an encoder or decoder something is computed, and of what. */
interface Place {
  /** Counted in the order of the computation. */
  readonly level: number;
  readonly from: Value;
}

/** What a level of the encoder begins with: the first convolution, or half of what the level before gave. */
function entered(encoder: Scope, { blockChannels }: VaeConfig, { level, from }: Place): Value {
  if (level === 0) {
    return convolution(encoder.child('conv_in'), from, { out: required(blockChannels, 0) });
  }
  return convolution(encoder.child(`down_blocks.${level - 1}.downsamplers.0.conv`), from, {
    ...{ out: required(blockChannels, level - 1), stride: 2, padding: rightAndBottom },
  });
}

function downResnet(
  encoder: Scope,
  { blockChannels, groups }: VaeConfig,
  { level, j, from }: Place & { readonly j: number },
): Value {
  const out = required(blockChannels, level);
  const scope = encoder.child(`down_blocks.${level}.resnets.${j}`);
  return resnet(scope, from, { out, groups, epsilon });
}

function doubled(decoder: Scope, level: number, from: Value): Value {
  const [, , height = 0, width = 0] = from.shape;
  const scope = decoder.child(`up_blocks.${level - 1}.upsamplers.0`);
  return upsample(scope, from, 2 * height, 2 * width);
}

function upResnet(
  decoder: Scope,
  { blockChannels, groups }: VaeConfig,
  { level, j, from }: Place & { readonly j: number },
): Value {
  const out = required(blockChannels, blockChannels.length - 1 - level);
  const scope = decoder.child(`up_blocks.${level}.resnets.${j}`);
  return resnet(scope, from, { out, groups, epsilon });
}

function middle(scope: Scope, input: Value, groups: number): Value {
  const out = axisSize(input, 1);
  let x = resnet(scope.child('resnets.0'), input, { out, groups, epsilon });
  x = selfAttention(scope.child('attentions.0'), x, groups);
  return resnet(scope.child('resnets.1'), x, { out, groups, epsilon });
}

/** One head over all pixels, residual; x: [N, C, H, W]. */
function selfAttention(scope: Scope, x: Value, groups: number): Value {
  const [batch = 0, out = 0, height = 0, width = 0] = x.shape;
  const normalized = groupNorm(scope.child('group_norm'), x, { groups, epsilon });
  const tokens = transpose(reshape(normalized, [batch, out, height * width]), [0, 2, 1]); // [N, HW, C]
  const project = (name: string, from: Value) => linear(scope.child(name), from, { out });
  const mixed = attention({
    query: project('to_q', tokens),
    key: project('to_k', tokens),
    value: project('to_v', tokens),
    heads: 1,
  });
  const pixels = transpose(project('to_out.0', mixed), [0, 2, 1]); // [N, C, HW]
  return scope.at(() => add(reshape(pixels, x.shape), x));
}
