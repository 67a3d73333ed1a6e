/** @file One linear layer with an adapter attached, compiled: output, loss, and any gradients of it. */
import { type Adapter, type Attachment, attach } from '../../src/adapters/index.ts';
import {
  constant,
  Graph,
  gradients,
  input,
  linear,
  multiply,
  reshape,
  square,
  sum,
  type Value,
} from '../../src/graph/index.ts';
import type { Site } from '../../src/nn/index.ts';
import type { Session } from '../../src/runtime/index.ts';
import { elementCount, type Shape, type Tensor } from '../../src/tensor/tensor.ts';
import { openProgram } from '../devices/test-device.ts';

/** An adapter at a site, with the frozen weight [out, in] and the weights of the loss, of the output's shape. */
export interface AdaptedLayer {
  readonly adapter: Adapter;
  readonly site: Site;
  readonly weight: Tensor<'f32'>;
  readonly lossWeights: Tensor<'f32'>;
}

/** Where a layer's input enters, beside the parameters under their names in files. */
export const inputName = 'x';

/**
 * Opens the layer: outputs `y`, `loss` = Σ g·y², and `gradient/<name>` for every name of `train`.
 *
 * @param options of attaching; with fixed parameters these are no inputs
 */
export function openLayer(
  { adapter, site, weight, lossWeights }: AdaptedLayer,
  train: readonly string[],
  options: Omit<Attachment, 'placed'> = {},
): Promise<Session> {
  const graph = new Graph();
  const shape: Shape = [...lossWeights.shape.slice(0, -1), site.in];
  const x = input(graph, inputName, 'f32', shape);
  const { hook, parameters } = attach(graph, [{ placed: { adapter, sites: [site] }, ...options }]);
  const frozen = constant(graph, weight);
  const y = hook.product?.(site, x, frozen) ?? linear(x, hook.weight(site, frozen) ?? frozen);
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
  return openProgram({ graph, outputs }, { threads: 1 });
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

/** ∂loss/∂(one fed tensor) by central differences. */
export async function centralDifferences(
  session: Session,
  feeds: Readonly<Record<string, Tensor<'f32'>>>,
  name: string,
  step: number,
): Promise<Tensor<'f32'>> {
  const around = feeds[name];
  if (around === undefined) throw new Error(`nothing is fed under ${name}`);
  const lossAt = async (index: number, delta: number) => {
    const data = around.data.slice();
    data[index] = (data[index] ?? 0) + delta;
    const results = await session.run({ ...feeds, [name]: { ...around, data } });
    return results.get('loss').data[0] ?? Number.NaN;
  };
  const differences = new Float32Array(elementCount(around.shape));
  for (let i = 0; i < differences.length; i++) {
    differences[i] = ((await lossAt(i, step)) - (await lossAt(i, -step))) / (2 * step);
  }
  return { ...around, data: differences };
}
