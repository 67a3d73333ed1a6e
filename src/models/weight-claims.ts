/** @file The weights a configuration asks for, by name, found by tracing the model at its smallest size. */
import { Graph, input, type Value } from '../graph/index.ts';
import { Scope } from '../nn/index.ts';
import type { QueryFormerConfig } from './blip/blip-config.ts';
import { queryFormer } from './blip/query-former.ts';
import type { ClipConfig, ClipTextConfig } from './clip/clip-config.ts';
import { clipText } from './clip/clip-text.ts';
import { clipVision } from './clip/vision.ts';
import { decode, encode } from './vae/vae.ts';
import type { VaeConfig } from './vae/vae-config.ts';
import { vit } from './vit/vit.ts';
import type { VitConfig } from './vit/vit-config.ts';

/** Every weight of a text encoder. */
export function textClaims(config: ClipTextConfig): ReadonlyMap<string, Value> {
  return textScope(config).weights;
}

/** The scope of a text encoder traced at its smallest size; it knows all weights and sites. */
export function textScope(config: ClipTextConfig): Scope {
  const scope = Scope.root(new Graph());
  traceText(scope, config);
  return scope;
}

function traceText(scope: Scope, config: ClipTextConfig): void {
  const { graph } = scope;
  clipText(scope, config, {
    ids: input(graph, 'ids', 'i64', [1, 1]),
    pooledRows: input(graph, 'rows', 'i64', [1]),
  });
}

/** Every weight of CLIP's two towers. */
export function clipClaims({ text, vision }: ClipConfig): ReadonlyMap<string, Value> {
  const scope = Scope.root(new Graph());
  traceText(scope, text);
  const { imageSize: side } = vision;
  clipVision(scope, vision, input(scope.graph, 'pictures', 'f32', [1, 3, side, side]));
  return scope.weights;
}

/** Every weight of a vision transformer. */
export function vitClaims(config: VitConfig): ReadonlyMap<string, Value> {
  const scope = Scope.root(new Graph());
  const { patchSize: side } = config;
  vit(scope, config, input(scope.graph, 'pictures', 'f32', [1, 3, side, side]));
  return scope.weights;
}

/** Every weight of a Q-former and of the picture encoder that lies with it. */
export function queryFormerClaims(config: QueryFormerConfig): ReadonlyMap<string, Value> {
  const scope = Scope.root(new Graph());
  const { imageSize: side } = config.picture;
  queryFormer(scope, config, {
    pictures: input(scope.graph, 'pictures', 'f32', [1, 3, side, side]),
    ids: input(scope.graph, 'ids', 'i64', [1, 1]),
  });
  return scope.weights;
}

/** Every weight of an autoencoder, both halves. */
export function vaeClaims(config: VaeConfig): ReadonlyMap<string, Value> {
  const graph = new Graph();
  const scope = Scope.root(graph);
  const { downsampling: side, latentChannels } = config;
  encode(scope, config, input(graph, 'pictures', 'f32', [1, 3, side, side]));
  decode(scope, config, input(graph, 'latents', 'f32', [1, latentChannels, 1, 1]));
  return scope.weights;
}
