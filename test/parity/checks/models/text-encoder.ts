/** @file A CLIP text encoder: states, pooling, clip skip, masks, gradients of weights, learned tokens, KronA. */
import * as z from 'zod';
import { textualInversion } from '../../../../src/adapters/methods/textual-inversion.ts';
import {
  add,
  Graph,
  input,
  mean,
  multiply,
  reshape,
  type Value,
} from '../../../../src/graph/index.ts';
import type { ClipTextConfig } from '../../../../src/models/clip/clip-config.ts';
import {
  type ClipTextOutputs,
  clipText,
  keyMask,
  pooledRows,
} from '../../../../src/models/clip/clip-text.ts';
import { Scope, type Site } from '../../../../src/nn/index.ts';
import type { ModelPart } from '../../../../src/pipeline/base/base-model.ts';
import { openText } from '../../../../src/pipeline/base/open-base.ts';
import { int64, type Tensor } from '../../../../src/tensor/tensor.ts';
import { advised, type Tolerance } from '../../advice.ts';
import type { Check } from '../../check.ts';
import { type FixtureTensors, readFixtureTensors } from '../../fixture.ts';
import {
  adapterTensors,
  compareResults,
  compute,
  type Feeds,
  fixtureName,
  gradientOutputs,
  placeAdapter,
  type Results,
  type Tracing,
  unchecked,
  weightGradients,
} from '../../network.ts';

const fixtureSchema = z.looseObject({
  tolerance: z.string().default(''),
  krona: z.unknown().optional(),
});

interface TextFixture {
  readonly json: z.output<typeof fixtureSchema>;
  readonly tensors: FixtureTensors;
  readonly text: ModelPart<ClipTextConfig>;
  readonly toleranceOf: (name: string) => Tolerance;
}

/** Compares everything of a fixture of a CLIPTextModel or CLIPTextModelWithProjection. */
export async function checkTextEncoder(folder: string, fixture: unknown): Promise<Check[]> {
  const json = fixtureSchema.parse(fixture);
  const tensors = await readFixtureTensors(folder);
  const text = await openText(folder);
  const shared = { json, tensors, text, toleranceOf: tolerances(json.tolerance) };
  const results = [
    await states(shared),
    await masked(shared),
    await inversion(shared),
    await kronaStep(shared),
  ];
  const checks = results.flatMap((each) => compareResults(each, tensors, shared.toleranceOf));
  const inputs = /^(input|krona_A|krona_B)\/|^loss\/random_|^inversion\/(ids|new_rows)$/;
  return [...checks, ...unchecked(tensors, checks, inputs)];
}

/** Without advice: float32 through a dozen matrices, and back. */
function tolerances(advice: string): (name: string) => Tolerance {
  const output = advised(advice, '', { relative: 1e-5 });
  const gradient = advised(advice, 'gradients', { relative: 1e-4 });
  return (name) => (/grad/.test(name) ? gradient : output);
}

/** Ids and where they are pooled. */
function textFeeds(ids: number[][], config: ClipTextConfig): Feeds {
  const length = ids[0]?.length ?? 0;
  return { ids: int64([ids.length, length], ids.flat()), rows: pooledRows(ids, config) };
}

/** What the reference calls `text_embeds` where the model has a projection, and `pooler_output` otherwise. */
function pooledName({ projection }: ClipTextConfig): string {
  return projection === undefined ? 'pooler_output' : 'text_embeds';
}

function pooledOf({ projected, pooled }: ClipTextOutputs): Value {
  return projected ?? pooled;
}

/** mean(last · random_hidden) + mean(pooled · random_pooled) */
function lossOf(outputs: ClipTextOutputs, { input }: Tracing): Value {
  const meanOf = (x: Value) =>
    reshape(
      mean(
        x,
        x.shape.map((_, axis) => axis),
      ),
      [],
    );
  return add(
    meanOf(multiply(outputs.lastHiddenState, input('random_hidden'))),
    meanOf(multiply(pooledOf(outputs), input('random_pooled'))),
  );
}

function lossFeeds(tensors: FixtureTensors): Readonly<Record<string, Tensor>> {
  return {
    random_hidden: tensors.float32('loss/random_hidden'),
    random_pooled: tensors.float32('loss/random_pooled'),
  };
}

async function states({ tensors, text }: TextFixture): Promise<Results> {
  const { config, weights } = text;
  return await compute({
    weights,
    feeds: { ...textFeeds(tensors.rows('input/ids'), config), ...lossFeeds(tensors) },
    trace: (tracing) => {
      const { scope, input } = tracing;
      const inputs = { ids: input('ids'), pooledRows: input('rows') };
      const outputs = clipText(scope, config, inputs);
      const { hiddenStates, lastHiddenState } = outputs;
      const loss = lossOf(outputs, tracing);
      const names = tensors.under('grad_full/');
      return {
        ...Object.fromEntries(hiddenStates.map((state, i) => [`hidden_states/${i}`, state])),
        ...weightGradients(scope, loss, { prefix: 'grad_full/', names }),
        'base/loss': loss,
        'output/last_hidden_state': lastHiddenState,
        [`output/${pooledName(config)}`]: pooledOf(outputs),
        'output/penultimate_no_norm': hiddenStates.at(-2) ?? lastHiddenState,
        'output/clip_skip1_with_final_norm': clipText(scope, config, { ...inputs, skipLayers: 1 })
          .lastHiddenState,
      };
    },
  });
}

async function masked({ tensors, text }: TextFixture): Promise<Results> {
  const { config, weights } = text;
  if (!tensors.has('masked/last_hidden_state')) return new Map();
  const ids = tensors.rows('input/ids');
  const mask = keyMask(tensors.int32('input/attention_mask'), ids.length);
  return await compute({
    weights,
    feeds: { ...textFeeds(ids, config), mask },
    trace: ({ scope, input }) => {
      const outputs = clipText(scope, config, {
        ids: input('ids'),
        pooledRows: input('rows'),
        keyMask: input('mask'),
      });
      // Every fed input must be used: the pooled vector is there for `rows`.
      return { 'masked/last_hidden_state': outputs.lastHiddenState, pooled: outputs.pooled };
    },
  });
}

/** Learned tokens: their rows' gradient, and that of the positions, whose whole table all texts use. */
async function inversion({ tensors, text }: TextFixture): Promise<Results> {
  const { config, weights } = text;
  if (!tensors.has('inversion/ids')) return new Map();
  const newRows = tensors.float32('inversion/new_rows');
  const table = 'text_model.embeddings.token_embedding';
  const [vectors = 0] = newRows.shape;
  const adapter = textualInversion.configure({ token: '<new>', vectors });
  const sites = textSites(config).filter((site) => site.name === table);
  const computation = {
    weights,
    adapter: { adapter, sites },
    feeds: { ...textFeeds(tensors.rows('inversion/ids'), config), ...lossFeeds(tensors) },
    trace: (tracing: Tracing) => {
      const { scope, input } = tracing;
      const outputs = clipText(scope, config, {
        ids: input('ids'),
        pooledRows: input('rows'),
      });
      const loss = lossOf(outputs, tracing);
      const newTokens = tracing.parameters();
      const position = 'text_model.embeddings.position_embedding.weight';
      const gradients = weightGradients(scope, loss, { prefix: '', names: [position] });
      const positionGradient = gradients[position];
      return {
        'inversion/last_hidden_state': outputs.lastHiddenState,
        [`inversion/${pooledName(config)}`]: pooledOf(outputs),
        'inversion/loss': loss,
        ...gradientOutputs(
          loss,
          new Map([...newTokens.values()].map((rows) => ['inversion/grad_new_rows', rows])),
        ),
        ...(positionGradient && { 'inversion/grad_position_embedding': positionGradient }),
      };
    },
  };
  return await compute(computation, new Map([[`${table}.vectors`, newRows]]));
}

async function kronaStep({ json, tensors, text }: TextFixture): Promise<Results> {
  const { config, weights } = text;
  if (json.krona === undefined) return new Map();
  const computation = {
    weights,
    adapter: placeAdapter(textSites(config), 'krona', json.krona, 'text-encoder'),
    feeds: { ...textFeeds(tensors.rows('input/ids'), config), ...lossFeeds(tensors) },
    trace: (tracing: Tracing) => {
      const { scope, input, parameters } = tracing;
      const outputs = clipText(scope, config, { ids: input('ids'), pooledRows: input('rows') });
      const loss = lossOf(outputs, tracing);
      const wrt = [...parameters()].map(
        ([name, value]) => [fixtureName('krona_grad_', name), value] as const,
      );
      return {
        'krona_output/last_hidden_state': outputs.lastHiddenState,
        [`krona_output/${pooledName(config)}`]: pooledOf(outputs),
        'krona_output/loss': loss,
        ...gradientOutputs(loss, new Map(wrt)),
      };
    },
  };
  return await compute(computation, adapterTensors(tensors, 'krona_'));
}

function textSites(config: ClipTextConfig): readonly Site[] {
  const graph = new Graph();
  const scope = Scope.root(graph);
  clipText(scope, config, {
    ids: input(graph, 'ids', 'i64', [1, 1]),
    pooledRows: input(graph, 'rows', 'i64', [1]),
  });
  return scope.sites;
}
