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

/** Moments of the latents of pictures in [−1, 1]: [N, 3, H, W] → [N, 2·latentChannels, H/f, W/f], means then log-variances. */
export function encode(scope: Scope, config: VaeConfig, pictures: Value): Value {
  const { blockChannels, layersPerBlock, groups, latentChannels } = config;
  const encoder = scope.child('encoder');
  let x = convolution(encoder.child('conv_in'), pictures, { out: required(blockChannels, 0) });
  blockChannels.forEach((out, i) => {
    const block = encoder.child(`down_blocks.${i}`);
    for (let j = 0; j < layersPerBlock; j++) {
      x = resnet(block.child(`resnets.${j}`), x, { out, groups, epsilon });
    }
    if (i < blockChannels.length - 1) {
      const padding = rightAndBottom;
      x = convolution(block.child('downsamplers.0.conv'), x, { out, stride: 2, padding });
    }
  });
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
  const { blockChannels, layersPerBlock, groups } = config;
  const decoder = scope.child('decoder');
  const out = lastOf(blockChannels);
  let x = config.postQuantConvolution
    ? convolution(scope.child('post_quant_conv'), latents, {
        out: config.latentChannels,
        kernel: 1,
      })
    : latents;
  x = convolution(decoder.child('conv_in'), x, { out });
  x = middle(decoder.child('mid_block'), x, groups);
  [...blockChannels].reverse().forEach((channels, i) => {
    const block = decoder.child(`up_blocks.${i}`);
    for (let j = 0; j <= layersPerBlock; j++) {
      x = resnet(block.child(`resnets.${j}`), x, { out: channels, groups, epsilon });
    }
    if (i < blockChannels.length - 1) {
      const [, , height = 0, width = 0] = x.shape;
      x = upsample(block.child('upsamplers.0'), x, 2 * height, 2 * width);
    }
  });
  x = silu(groupNorm(decoder.child('conv_norm_out'), x, { groups, epsilon }));
  return convolution(decoder.child('conv_out'), x, { out: 3 });
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
