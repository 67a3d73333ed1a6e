/** @file A layer with an adapter, everything about it drawn at random. */
import { type Adapter, type AdapterTensors, parameterName } from '../../src/adapters/index.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import type { Site } from '../../src/nn/index.ts';
import { elementCount, float32, type Shape, type Tensor } from '../../src/tensor/tensor.ts';
import { type AdaptedLayer, inputName } from './adapted-layer.ts';
import type { ContractCase } from './contract.ts';
import { inputShape, outputShape } from './host-layer.ts';

export type Tensors = Readonly<Record<string, Tensor<'f32'>>>;

/** A case at one of its sites. */
export interface Tried extends ContractCase {
  readonly site: Site;
  readonly adapter: Adapter;
}

function random(generator: TorchGenerator, shape: Shape, deviation = 1): Tensor<'f32'> {
  const values = generator.randn(elementCount(shape)).map((value) => value * deviation);
  return float32(shape, values);
}

/** A layer with everything about it drawn at random, also the parameters that start at zero. */
export function randomLayer({ adapter, site }: Tried) {
  const generator = new TorchGenerator(11);
  const weight = random(generator, [site.out, site.in], 0.3);
  const lossWeights = random(generator, outputShape(site));
  const x = random(generator, inputShape(site));
  const own: Record<string, Tensor<'f32'>> = {};
  for (const { name, shape } of adapter.parameters(site)) own[name] = random(generator, shape, 0.3);
  const layer: AdaptedLayer = { adapter, site, weight, lossWeights };
  const tensors = named(site, own);
  const feeds: Tensors = { [inputName]: x, ...Object.fromEntries(tensors) };
  return { layer, own, tensors, x, feeds };
}

/** Under the names of files and inputs. */
function named(site: Site, own: Tensors): AdapterTensors {
  return new Map(Object.entries(own).map(([name, value]) => [parameterName(site, name), value]));
}
