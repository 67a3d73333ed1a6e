/** @file Layers that models are made of. */
export type { Padding } from '../graph/index.ts';
export { type Attention, attention } from './attention-layer.ts';
export { type ConvolutionLayer, convolution } from './convolution-layer.ts';
export { embedding, linear } from './linear.ts';
export { groupNorm, layerNorm } from './norm.ts';
export type { NormHook, TracedNorm } from './norm-hook.ts';
export { Scope } from './scope.ts';
export { kernelTaps, type Site, type SiteHook, type SiteKind } from './site.ts';
export {
  chooseSites,
  matchesPattern,
  matrixKinds,
  patternsOf,
  targetPresets,
} from './site-pattern.ts';
