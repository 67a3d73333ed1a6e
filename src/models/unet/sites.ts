/** @file The sites of a UNet, found by tracing it: no weights are needed. */
import { required } from '../../base/required.ts';
import { Graph, input } from '../../graph/index.ts';
import { Scope, type Site } from '../../nn/index.ts';
import { unet } from './unet.ts';
import type { UNetConfig } from './unet-config.ts';

/** The scope of a UNet traced at its smallest size; it knows all weights and sites. */
export function traceUNet(config: UNetConfig): Scope {
  const graph = new Graph();
  const scope = Scope.root(graph);
  const { inChannels, levels, contextSize, addition, guidanceSize, classes } = config;
  const size = 2 ** (levels.length - 1);
  unet(scope, config, {
    sample: input(graph, 'sample', 'f32', [1, inChannels, size, size]),
    timeFeatures: input(graph, 'timeFeatures', 'f32', [1, required(levels, 0).channels]),
    context: input(graph, 'context', 'f32', [1, 1, contextSize]),
    additionFeatures:
      addition && input(graph, 'additionFeatures', 'f32', [1, addition.featureSize]),
    guidanceFeatures:
      guidanceSize === undefined
        ? undefined
        : input(graph, 'guidanceFeatures', 'f32', [1, guidanceSize]),
    classes: classes === undefined ? undefined : input(graph, 'classes', 'i64', [1]),
  });
  return scope;
}

/** Every site an adapter may attach to, in the order of the computation. */
export function unetSites(config: UNetConfig): readonly Site[] {
  return traceUNet(config).sites.map((site) => ({ ...site, name: `unet.${site.name}` }));
}
