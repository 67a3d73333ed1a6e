/** @file BLIP-Diffusion's Q-former: what a picture shows of what a text names, as vectors for a text encoder (Li et al. 2023). */
import {
  add,
  axisSize,
  concatenate,
  expand,
  gelu,
  quickGelu,
  slice,
  type Value,
} from '../../graph/index.ts';
import { attention, embedding, layerNorm, linear, type Scope } from '../../nn/index.ts';
import type { QueryFormerConfig } from './blip-config.ts';
import { encodePicture } from './picture-encoder.ts';

export interface QueryFormerInputs {
  /** Normalised: [N, 3, imageSize, imageSize]. */
  readonly pictures: Value;
  /** Texts of one length, so that none has padding to mask: [N, T], i64. */
  readonly ids: Value;
}

export interface QueryFormerOutputs {
  readonly pictureStates: Value; // [N, 1 + patches, picture size]
  /** Of the queries, then of the text. */
  readonly states: Value; // [N, queries + T, size]
  /** In the space of the text encoder's token embeddings. */
  readonly context: Value; // [N, queries, size]
}

/** Context vectors of pictures and the texts that name what of them is meant. */
export function queryFormer(
  scope: Scope,
  config: QueryFormerConfig,
  { pictures, ids }: QueryFormerInputs,
): QueryFormerOutputs {
  const { queries, size } = config;
  const pictureStates = encodePicture(scope.child('visual_encoder'), config.picture, pictures);
  const stored = scope.weight('query_tokens', [1, queries, size]);
  const asking = expand(stored, [axisSize(ids, 0), queries, size]);
  let states = embed(scope.child('embeddings'), config, { asking, ids });
  for (let i = 0; i < config.layers; i++) {
    const looks = i % config.lookEvery === 0;
    states = layer(scope.child(`encoder.layer.${i}`), config, {
      states,
      seen: looks ? pictureStates : undefined,
    });
  }
  const answers = slice(states, 1, 0, queries);
  return { pictureStates, states, context: project(scope.child('proj_layer'), answers) };
}

/** Words with their positions behind the queries, which have none; all normalised: [N, queries + T, size]. */
function embed(
  scope: Scope,
  { vocabulary: entries, size, positions, epsilon }: QueryFormerConfig,
  { asking, ids }: { readonly asking: Value; readonly ids: Value },
): Value {
  const words = embedding(scope.child('word_embeddings'), ids, { entries, size });
  const table = scope.child('position_embeddings').weight('weight', [positions, size]);
  const placed = add(words, slice(table, 0, 0, axisSize(ids, 1)));
  return layerNorm(scope.child('LayerNorm'), concatenate([asking, placed], 1), epsilon);
}

interface LayerInputs {
  readonly states: Value; // [N, queries + T, size]
  /** The states of the picture, where the queries of this layer look at it. */
  readonly seen: Value | undefined;
}

/** Queries and text attend to each other, then the queries alone to the picture; each has a perceptron of its own. */
function layer(scope: Scope, config: QueryFormerConfig, { states, seen }: LayerInputs): Value {
  const { queries } = config;
  const mixed = attend(scope.child('attention'), config, { from: states, to: states });
  const own = slice(mixed, 1, 0, queries);
  const looked =
    seen === undefined
      ? own
      : attend(scope.child('crossattention'), config, { from: own, to: seen });
  const text = slice(mixed, 1, queries, axisSize(mixed, 1));
  const perceptron = (suffix: string, x: Value) => {
    const inner = linear(scope.child(`intermediate${suffix}.dense`), x, { out: config.inner });
    return addNormalised(scope.child(`output${suffix}`), config, {
      hidden: activate(config, inner),
      x,
    });
  };
  return concatenate([perceptron('_query', looked), perceptron('', text)], 1);
}

function attend(
  scope: Scope,
  config: QueryFormerConfig,
  { from, to }: { readonly from: Value; readonly to: Value },
): Value {
  const part = (name: string, x: Value) =>
    linear(scope.child(`attention.${name}`), x, { out: config.size });
  const hidden = attention({
    query: part('query', from),
    key: part('key', to),
    value: part('value', to),
    heads: config.heads,
  });
  return addNormalised(scope.child('output'), config, { hidden, x: from });
}

/** LN(x + W hidden) */
function addNormalised(
  scope: Scope,
  { size, epsilon }: QueryFormerConfig,
  { hidden, x }: { readonly hidden: Value; readonly x: Value },
): Value {
  const out = linear(scope.child('dense'), hidden, { out: size });
  return layerNorm(scope.child('LayerNorm'), add(out, x), epsilon);
}

function activate({ activation }: QueryFormerConfig, x: Value): Value {
  return activation === 'gelu' ? gelu(x) : quickGelu(x);
}

/** x + W₂ quickGelu(W₁ LN(x)), four times as wide inside; no configuration states its numbers. */
function project(scope: Scope, x: Value): Value {
  const size = axisSize(x, 2);
  const normalized = layerNorm(scope.child('LayerNorm'), x, 1e-12);
  const inner = quickGelu(linear(scope.child('dense1'), normalized, { out: 4 * size }));
  return add(x, linear(scope.child('dense2'), inner, { out: size }));
}
