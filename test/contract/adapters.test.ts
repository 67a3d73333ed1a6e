/** @file The contract of adapters: every registered method, over options and sites of awkward sizes. */
import { describe, expect, test } from 'vitest';
import {
  adapters,
  decodeAdapterFile,
  encodeAdapterFile,
  finishedAdapters,
  initialTensors,
  parameterName,
} from '../../src/adapters/index.ts';
import { ConfigError } from '../../src/base/errors.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { constant, Graph, input } from '../../src/graph/index.ts';
import { relativeL2 } from '../../src/tensor/linear-algebra/host-matrices.ts';
import { elementCount, float32, type Tensor } from '../../src/tensor/tensor.ts';
import { openProgram } from '../devices/test-device.ts';
import { type AdaptedLayer, inputName, openLayer, strengthName } from './adapted-layer.ts';
import type { Contract, DeltaWeight, Matrices } from './contract.ts';
import { contracts } from './contracts.ts';
import { hostOutput, outputShape } from './host-layer.ts';
import { type Matrix, plus, toMatrix, toTensor } from './matrix.ts';
import { constantsAt, prepareAdapter } from './prepare-adapter.ts';
import { randomLayer, type Tensors, type Tried } from './random-layer.ts';
import { largeSite } from './sites.ts';

function constantsOf(layer: AdaptedLayer): Tensors {
  return constantsAt(layer, layer.site, () => layer.weight);
}

/** ΔW as the adapter's graph computes it. */
async function deltaWeight(layer: AdaptedLayer, own: Tensors): Promise<Tensor<'f32'>> {
  const { adapter, site, weight } = layer;
  const graph = new Graph();
  const built = (
    values: Tensors,
    build: (name: string, value: Tensor<'f32'>) => ReturnType<typeof constant>,
  ) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, build(name, value)]));
  const parameters = {
    ...built(own, (name, { shape }) => input(graph, name, 'f32', shape)),
    ...built(constantsOf(layer), (_, value) => constant(graph, value)),
  };
  const delta = adapter.deltaWeight({ site, weight: constant(graph, weight), parameters });
  await using session = await openProgram({ graph, outputs: { changed: delta } }, { threads: 1 });
  return (await session.run(own)).get('changed');
}

/** The same on the host. */
function hostDelta(layer: AdaptedLayer, own: Tensors, rule: DeltaWeight): Matrix {
  const values = { ...own, ...constantsOf(layer) };
  const matrices: Matrices = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, toMatrix(value)]),
  );
  return rule(matrices, { site: layer.site, weight: toMatrix(layer.weight) });
}

/** W′ on the host; new rows of a table follow its own, whatever the strength. */
function merged({ site, weight }: AdaptedLayer, delta: Matrix, strength = 1): Matrix {
  const frozen = toMatrix(weight);
  if (site.kind !== 'table') return plus(frozen, delta, strength);
  const data = [...frozen.data, ...delta.data];
  return { ...frozen, rows: frozen.rows + delta.rows, data: Float64Array.from(data) };
}

function expectedOutput(layer: AdaptedLayer, x: Tensor<'f32'>, weight: Matrix): Tensor<'f32'> {
  return float32(outputShape(layer.site), hostOutput(layer.site, x.data, weight));
}

/** Σ g·y² on the host. */
function hostLoss(
  { site, lossWeights }: AdaptedLayer,
  x: ArrayLike<number>,
  weight: Matrix,
): number {
  return hostOutput(site, x, weight).reduce(
    (sum, y, i) => sum + y * y * (lossWeights.data[i] ?? 0),
    0,
  );
}

/** Slopes of a function of one array by central differences. */
function slopes(around: Float64Array, f: (values: Float64Array) => number): Float64Array {
  // Of smooth functions of float64 with values of about 100: 1e-14 · 100 / 1e-5 of rounding, 1e-10 of curvature.
  const step = 1e-5;
  return around.map((value, i) => {
    const moved = Float64Array.from(around);
    moved[i] = value + step;
    const above = f(moved);
    moved[i] = value - step;
    return (above - f(moved)) / (2 * step);
  });
}

/** The gradient of the loss with respect to the input or one parameter. */
function hostGradient(tried: Tried, name: string): Float64Array {
  const { layer, own, x } = randomLayer(tried);
  const matrices: Record<string, Matrix> = Object.fromEntries(
    Object.entries({ ...own, ...constantsOf(layer) }).map(([key, value]) => [key, toMatrix(value)]),
  );
  const frozen = { site: layer.site, weight: toMatrix(layer.weight) };
  if (name === inputName) {
    const weight = merged(layer, tried.deltaWeight(matrices, frozen));
    return slopes(Float64Array.from(x.data), (values) => hostLoss(layer, values, weight));
  }
  const rule = tried.held?.(matrices, frozen) ?? tried.deltaWeight;
  const around = matrices[name] ?? toMatrix(float32([0, 0]));
  return slopes(around.data, (data) => {
    const delta = rule({ ...matrices, [name]: { ...around, data } }, frozen);
    return hostLoss(layer, x.data, merged(layer, delta));
  });
}

const methods = Object.values(adapters).map((method) => ({
  method,
  contract: contracts[method.name as keyof typeof contracts] satisfies Contract,
}));

describe.each(methods)('adapter $method.name', ({ method, contract }) => {
  const all = contract.cases.flatMap((tried) =>
    tried.sites.map((site): [string, Tried] => [
      `${JSON.stringify(tried.options)} at ${site.kind} ${site.out} x ${site.in}`,
      { ...tried, site, adapter: method.configure(tried.options) },
    ]),
  );

  test.each(all)('does not move the model before training: %s', async (_, tried) => {
    const { adapter, site, startsMoved } = tried;
    const { layer } = randomLayer(tried);
    const initial = initialTensors(
      { adapter, sites: [site] },
      new TorchGenerator(5),
      () => layer.weight,
    );
    const own: Record<string, Tensor<'f32'>> = {};
    for (const { name } of adapter.parameters(site)) {
      own[name] = initial.get(parameterName(site, name)) ?? float32([]);
    }
    const delta = await deltaWeight(layer, own);
    const length = Math.hypot(...delta.data);
    expect(length).toBeLessThanOrEqual(
      (startsMoved?.atMost ?? 0) * Math.hypot(...layer.weight.data),
    );
    if (startsMoved?.atMost === Number.POSITIVE_INFINITY) expect(length).toBeGreaterThan(0);
  });

  test.each(all)('states ΔW as the host computes it: %s', async (_, tried) => {
    const { layer, own } = randomLayer(tried);
    const found = await deltaWeight(layer, own);
    const expected = hostDelta(layer, own, tried.deltaWeight);
    expect(found.shape).toEqual([expected.rows, expected.columns]);
    // Products of a few dozen terms in float32.
    expect(relativeL2(found, toTensor(expected))).toBeLessThan(1e-6);
  });

  test.each(all)('is proportional to the parameter that it names: %s', (_, tried) => {
    const { layer, own } = randomLayer(tried);
    const names = Object.keys(own).filter((name) => tried.adapter.linearIn.includes(name));
    expect(names).toHaveLength(Math.min(1, tried.adapter.linearIn.length));
    const thrice = ({ shape, data }: Tensor<'f32'>) =>
      float32(
        shape,
        data.map((value) => 3 * value),
      );
    const deltaOf = (tensors: Tensors) => toTensor(hostDelta(layer, tensors, tried.deltaWeight));
    for (const name of names) {
      const changed = { ...own, [name]: thrice(own[name] ?? float32([])) };
      // A product rounded to float32.
      expect(relativeL2(deltaOf(changed), thrice(deltaOf(own)))).toBeLessThan(1e-6);
    }
  });

  test.each(all)('equals the layer with the merged weight: %s', async (_, tried) => {
    const { layer, own, x, feeds } = randomLayer(tried);
    await using session = await openLayer(layer, [inputName]);
    const y = (await session.run(feeds)).get('y');
    const delta = hostDelta(layer, own, tried.deltaWeight);
    // Sums of up to 64 products in float32.
    expect(relativeL2(y, expectedOutput(layer, x, merged(layer, delta)))).toBeLessThan(1e-6);
  });

  test.each(all)('is moved by its strength: %s', async (_, tried) => {
    const { layer, own, x, feeds } = randomLayer(tried);
    const delta = hostDelta(layer, own, tried.deltaWeight);
    await using session = await openLayer(layer, [inputName], { strength: 'fed' });
    for (const strength of [0.25, 0]) {
      const expected = expectedOutput(layer, x, merged(layer, delta, strength));
      await using built = await openLayer(layer, [inputName], { strength });
      const isTable = layer.site.kind === 'table';
      const fed = isTable ? feeds : { ...feeds, [strengthName]: float32([], [strength]) };
      // Sums of up to 64 products in float32.
      expect(relativeL2((await session.run(fed)).get('y'), expected)).toBeLessThan(1e-6);
      const given = strength === 0 && !isTable ? { [inputName]: x } : feeds;
      expect(relativeL2((await built.run(given)).get('y'), expected)).toBeLessThan(1e-6);
    }
  });

  test.each(all)('has the gradients of central differences: %s', async (_, tried) => {
    const { layer, tensors, feeds } = randomLayer(tried);
    const train = [inputName, ...tensors.keys()];
    await using session = await openLayer(layer, train);
    const results = await session.run(feeds);
    for (const name of train) {
      const found = results.get(`gradient/${name}`);
      expect(found.shape).toEqual(feeds[name]?.shape);
      const expected = hostGradient(tried, name.replace(`${layer.site.name}.`, ''));
      // Two products of a few hundred terms in float32, one after the other.
      expect(relativeL2(found, float32(found.shape, expected))).toBeLessThan(5e-6);
    }
  });

  test.each(all)('has the same gradients when only one thing is trained: %s', async (_, tried) => {
    const { layer, tensors, feeds } = randomLayer(tried);
    const together = [inputName, ...tensors.keys()];
    await using session = await openLayer(layer, together);
    const expected = await session.run(feeds);
    for (const train of [...together.map((name) => [name]), [...tensors.keys()]]) {
      await using alone = await openLayer(layer, train);
      const found = await alone.run(feeds);
      for (const name of train) {
        expect(found.get(`gradient/${name}`)).toEqual(expected.get(`gradient/${name}`));
      }
    }
  });

  test.each(all)('counts its parameters right: %s', (_, { adapter, site, count }) => {
    const trained = adapter.parameters(site).filter(({ isFrozen = false }) => !isFrozen);
    const sizes = trained.map(({ shape }) => elementCount(shape));
    const sum = sizes.reduce((total, size) => total + size, 0);
    expect(adapter.parameterCount(site)).toBe(sum);
    expect(count(site)).toBe(sum);
  });

  test.each(all)('survives its file, to the bit: %s', async (_, tried) => {
    const { layer, tensors, x, feeds } = randomLayer(tried);
    const { adapter, site, weight } = layer;
    const base = { name: 'test', sites: 1 };
    const bytes = encodeAdapterFile({ placed: [{ adapter, sites: [site] }], tensors, base });
    const read = decodeAdapterFile(bytes, 'file', [site]);
    expect(encodeAdapterFile(read)).toEqual(bytes);
    const [placed] = read.placed.map((each) => prepareAdapter(each, () => weight));
    expect(placed?.adapter.options).toEqual(adapter.options);
    await using fed = await openLayer(layer, [inputName]);
    const inputs = { [inputName]: x, ...Object.fromEntries(read.tensors) };
    const expected = (await fed.run(feeds)).get('y');
    const reread = { ...layer, adapter: placed?.adapter ?? adapter };
    await using again = await openLayer(reread, [inputName]);
    expect((await again.run(inputs)).get('y')).toEqual(expected);
    // As for generating, where the runtime may fold the parameters into the weight first.
    await using fixed = await openLayer(reread, [inputName], { fixed: read.tensors });
    expect(relativeL2((await fixed.run({ [inputName]: x })).get('y'), expected)).toBeLessThan(1e-6);
  });

  const finishing = all.filter(([, { adapter }]) => adapter.finished !== undefined);

  test.each(finishing)('is to the bit what its finished parameters are: %s', async (_, tried) => {
    const { layer, tensors, x, feeds } = randomLayer(tried);
    const { placed, tensors: finished } = finishedAdapters(
      [{ adapter: layer.adapter, sites: [layer.site] }],
      tensors,
    );
    const [adapter = layer.adapter] = placed.map((each) => each.adapter);
    expect(adapter.finished).toBeUndefined();
    await using training = await openLayer(layer, [inputName]);
    await using again = await openLayer({ ...layer, adapter }, [inputName]);
    const inputs = { [inputName]: x, ...Object.fromEntries(finished) };
    expect((await again.run(inputs)).get('y')).toEqual((await training.run(feeds)).get('y'));
  });

  test.each(contract.starts)('starts as the method asks for: $options', ({ options, moments }) => {
    const placed = { adapter: method.configure(options), sites: [largeSite] };
    const tensors = initialTensors(placed, new TorchGenerator(1));
    const again = initialTensors(placed, new TorchGenerator(1));
    const names = placed.adapter.parameters(largeSite).map(({ name }) => name);
    expect(Object.keys(moments).sort()).toEqual([...names].sort());
    for (const [name, { deviation, bound }] of Object.entries(moments)) {
      const { data } = tensors.get(parameterName(largeSite, name)) ?? float32([0]);
      const same = again.get(parameterName(largeSite, name))?.data;
      expect(data.every((value, i) => value === same?.[i])).toBe(true);
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
      // Five standard errors, of the mean (σ/√n) and of the deviation (below σ/√(2n)).
      expect(Math.abs(mean)).toBeLessThanOrEqual((5 * deviation) / Math.sqrt(data.length));
      const error = Math.abs(Math.sqrt(variance) - deviation);
      expect(error).toBeLessThanOrEqual((5 * deviation) / Math.sqrt(2 * data.length));
      expect(data.every((value) => Math.abs(value) <= bound)).toBe(true);
    }
  });

  const drawn = contract.starts.filter(({ moments }) =>
    Object.values(moments).some(({ deviation }) => deviation > 0),
  );

  test.each(drawn)('starts otherwise with another seed: $options', ({ options }) => {
    const placed = { adapter: method.configure(options), sites: [largeSite] };
    expect(initialTensors(placed, new TorchGenerator(1))).not.toEqual(
      initialTensors(placed, new TorchGenerator(2)),
    );
  });

  test.each(contract.refusals)('refuses $options at $site.name', (refusal) => {
    const adapter = method.configure(refusal.options);
    const refused = (work: () => unknown) => {
      expect(work).toThrow(expect.objectContaining({ code: refusal.code }));
      for (const part of refusal.says) expect(work).toThrow(part);
    };
    refused(() => adapter.parameters(refusal.site));
  });

  test('refuses unknown options by name', () => {
    const configure = () => method.configure({ nonsense: 1 });
    expect(configure).toThrow(ConfigError);
    expect(configure).toThrow(expect.objectContaining({ code: 'ADAPTER_OPTIONS' }));
    expect(configure).toThrow('nonsense');
  });

  test('gives back its options complete, so that they configure the same adapter', () => {
    for (const [, { adapter }] of all) {
      expect(method.configure(adapter.options).options).toEqual(adapter.options);
      expect(JSON.parse(JSON.stringify(adapter.options))).toEqual(adapter.options);
    }
  });

  test('has learning rates of their own for parameters that there are', () => {
    for (const [, { adapter, site }] of all) {
      const names = adapter.parameters(site).map(({ name }) => name);
      for (const [name, factor] of Object.entries(adapter.learningRates)) {
        expect(names).toContain(name);
        expect(factor).toBeGreaterThan(0);
      }
    }
  });

  test('asks for learning rates above zero and for targets', () => {
    const { targets = [], learningRate = 0 } = method.defaults;
    expect(targets.length).toBeGreaterThan(0);
    expect(learningRate).toBeGreaterThan(0);
  });
});
