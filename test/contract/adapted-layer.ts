/** @file One layer with an adapter attached, compiled: output, loss, and any gradients of it. */
import {
  type Adapter,
  type AdapterTensors,
  attach,
  type PlacedAdapter,
} from '../../src/adapters/index.ts';
import {
  constant,
  convolution,
  Graph,
  gather,
  gradients,
  input,
  linear,
  multiply,
  type Program,
  reshape,
  square,
  sum,
  type Value,
} from '../../src/graph/index.ts';
import type { Site, SiteHook } from '../../src/nn/index.ts';
import type { Session } from '../../src/runtime/index.ts';
import { int64, type Shape, type Tensor } from '../../src/tensor/tensor.ts';
import { openProgram } from '../devices/test-device.ts';
import { inputShape, tokens } from './host-layer.ts';
import { prepareAdapter } from './prepare-adapter.ts';

/** An adapter at a site, with the frozen weight [out, in] and the weights of the loss, of the output's shape. */
export interface AdaptedLayer {
  readonly adapter: Adapter;
  readonly site: Site;
  readonly weight: Tensor<'f32'>;
  readonly lossWeights: Tensor<'f32'>;
}

/** The layer's input, beside the parameters under their names in files. */
export const inputName = 'x';
/** The strength, where it is fed. */
export const strengthName = 'strength';

interface LayerOptions {
  /** Parameters built in, which are no inputs then. */
  readonly fixed?: AdapterTensors;
  /** @default 1 */
  readonly strength?: number | 'fed';
}

/** The adapter at one site, with its constants. */
export function placedAt({
  adapter,
  site,
  weight,
}: Pick<AdaptedLayer, 'adapter' | 'site' | 'weight'>): PlacedAdapter {
  return prepareAdapter({ adapter, sites: [site] }, () => weight);
}

/** Opens the layer: outputs `y`, `loss` = Σ g·y², and `gradient/<name>` for every name of `train`. */
export function openLayer(
  layer: AdaptedLayer,
  train: readonly string[],
  options: LayerOptions = {},
): Promise<Session> {
  return openProgram(layerProgram(layer, train, options), { threads: 1 });
}

/** What openLayer() opens. */
export function layerProgram(
  layer: AdaptedLayer,
  train: readonly string[],
  { fixed, strength = 1 }: LayerOptions = {},
): Program {
  const { site, weight, lossWeights } = layer;
  const graph = new Graph();
  const x = input(graph, inputName, 'f32', inputShape(site));
  const factor = strength === 'fed' ? input(graph, strengthName, 'f32', []) : strength;
  const placed = placedAt(layer);
  const { hook, parameters } = attach(graph, [{ placed, fixed, strength: () => factor }]);
  const y = layerOutput(hook, site, x, constant(graph, weight));
  const loss = total(multiply(square(y), constant(graph, lossWeights)));
  const values = train.map((name) => (name === inputName ? x : parameters.get(name)));
  const found = gradients(
    loss,
    values.filter((value) => value !== undefined),
  );
  const outputs: Record<string, Value> = { y, loss };
  found.forEach((gradient, i) => {
    outputs[`gradient/${train[i]}`] = gradient;
  });
  return { graph, outputs };
}

/** What host-layer.ts computes, as the layers of models ask for it. */
function layerOutput(hook: SiteHook, site: Site, x: Value, matrix: Value): Value {
  const adapted = (weight: Value) => hook.weight(site, weight) ?? weight;
  const { graph } = x;
  switch (site.kind) {
    case 'linear':
      return hook.product?.(site, x, matrix) ?? linear(x, adapted(matrix));
    case 'convolution': {
      const [height = 1, width = 1] = site.kernel ?? [];
      const shape: Shape = [site.out, site.in / (height * width), height, width];
      return convolution(x, adapted(reshape(matrix, shape)), undefined, {});
    }
    case 'vector':
      return multiply(x, adapted(reshape(matrix, [site.out])));
    case 'table': {
      const table = adapted(matrix);
      const ids = tokens(table.shape[0] ?? 0);
      return multiply(gather(table, constant(graph, int64([ids.length], ids))), x);
    }
    default:
      return site.kind satisfies never;
  }
}

/** Sum of all elements. */
function total(x: Value): Value {
  return reshape(
    sum(
      x,
      x.shape.map((_, i) => i),
    ),
    [],
  );
}
