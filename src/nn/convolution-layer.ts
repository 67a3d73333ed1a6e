/** @file The two-dimensional convolution layer. */
import { axisSize, type Padding, convolution as product, type Value } from '../graph/index.ts';
import type { Scope } from './scope.ts';

export interface ConvolutionLayer {
  readonly out: number;
  /** @default 3 */
  readonly kernel?: number;
  /** @default 1 */
  readonly stride?: number;
  /** Zeros at top, left, bottom, right. @default half the kernel on all sides */
  readonly padding?: Padding;
  /** @default true */
  readonly bias?: boolean;
}

/** x: [N, C, H, W] → [N, out, H′, W′]. Declares a site. */
export function convolution(
  scope: Scope,
  x: Value,
  { out, kernel = 3, stride = 1, padding, bias = true }: ConvolutionLayer,
): Value {
  const half = Math.floor(kernel / 2);
  return scope.at(() => {
    const stored = scope.weight('weight', [out, axisSize(x, 1), kernel, kernel]);
    const weight = scope.adapted('convolution', stored);
    const offset = bias ? scope.vector('bias', out) : undefined;
    return product(x, weight, offset, { stride, padding: padding ?? [half, half, half, half] });
  });
}
