/** @file Residual blocks and resampling, shared by the UNet and the autoencoder. */
import { add, axisSize, reshape, resizeNearest, silu, type Value } from '../graph/index.ts';
import { convolution, groupNorm, linear, type Scope } from '../nn/index.ts';

export interface ResnetOptions {
  readonly out: number;
  readonly groups: number;
  readonly epsilon: number;
  /** [N, size]; the autoencoder has none. */
  readonly timeEmbedding?: Value;
}

/** norm–SiLU–conv twice, with the time added between and a shortcut around; x: [N, C, H, W] → [N, out, H, W]. */
export function resnet(scope: Scope, x: Value, options: ResnetOptions): Value {
  const { out, groups, epsilon, timeEmbedding } = options;
  const activated = (name: string, value: Value) =>
    silu(groupNorm(scope.child(name), value, { groups, epsilon }));
  return scope.at(() => {
    let hidden = convolution(scope.child('conv1'), activated('norm1', x), { out });
    if (timeEmbedding !== undefined) {
      const time = linear(scope.child('time_emb_proj'), silu(timeEmbedding), { out });
      hidden = add(hidden, reshape(time, [...time.shape, 1, 1]));
    }
    hidden = convolution(scope.child('conv2'), activated('norm2', hidden), { out });
    const shortcut =
      x.shape[1] === out ? x : convolution(scope.child('conv_shortcut'), x, { out, kernel: 1 });
    return add(shortcut, hidden);
  });
}

/** Half the size, by a strided convolution. */
export function downsample(scope: Scope, x: Value): Value {
  return convolution(scope.child('conv'), x, { out: axisSize(x, 1), stride: 2 });
}

/** To a larger size, nearest neighbour and a convolution. */
export function upsample(scope: Scope, x: Value, height: number, width: number): Value {
  return convolution(scope.child('conv'), resizeNearest(x, height, width), {
    out: axisSize(x, 1),
  });
}
