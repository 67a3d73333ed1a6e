/** @file The contract of adapters: every registered method, over options and sites of awkward sizes. */
import { describe, expect, test } from 'vitest';
import {
  type Adapter,
  type AdapterTensors,
  adapters,
  decodeAdapterFile,
  encodeAdapterFile,
  initialTensors,
  parameterName,
} from '../../src/adapters/index.ts';
import { ConfigError } from '../../src/base/errors.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { Graph, input } from '../../src/graph/index.ts';
import type { Site } from '../../src/nn/index.ts';
import { matmul, relativeL2, transpose2d } from '../../src/tensor/linear-algebra.ts';
import { elementCount, float32, type Shape, type Tensor } from '../../src/tensor/tensor.ts';
import { openProgram } from '../devices/test-device.ts';
import { centralDifferences, inputName, openLayer } from './adapted-layer.ts';
import { type Contract, contracts, largeSite, type Tensors } from './adapter-contracts.ts';

const leading: Shape = [2, 3];

function random(generator: TorchGenerator, shape: Shape, deviation = 1): Tensor<'f32'> {
  const values = generator.randn(elementCount(shape)).map((value) => value * deviation);
  return float32(shape, values);
}

/** A layer with everything about it drawn at random, also the parameters that start at zero. */
function randomLayer(adapter: Adapter, site: Site) {
  const generator = new TorchGenerator(11);
  const weight = random(generator, [site.out, site.in], 0.3);
  const lossWeights = random(generator, [...leading, site.out]);
  const x = random(generator, [...leading, site.in]);
  const own: Record<string, Tensor<'f32'>> = {};
  for (const { name, shape } of adapter.parameters(site)) own[name] = random(generator, shape, 0.3);
  const tensors = named(site, own);
  const feeds: Tensors = { [inputName]: x, ...Object.fromEntries(tensors) };
  return { layer: { adapter, site, weight, lossWeights }, own, tensors, x, feeds };
}

/** Under the names of files and inputs. */
function named(site: Site, own: Tensors): AdapterTensors {
  return new Map(Object.entries(own).map(([name, value]) => [parameterName(site, name), value]));
}

/** ΔW as the adapter's graph computes it. */
async function deltaWeight(adapter: Adapter, site: Site, own: Tensors): Promise<Tensor<'f32'>> {
  const graph = new Graph();
  const parameters = Object.fromEntries(
    Object.entries(own).map(([name, { shape }]) => [name, input(graph, name, 'f32', shape)]),
  );
  const weight = input(graph, 'weight', 'f32', [site.out, site.in]);
  const delta = adapter.deltaWeight({ site, weight, parameters });
  await using session = await openProgram({ graph, outputs: { delta } }, { threads: 1 });
  return (await session.run(own)).get('delta');
}

const methods = Object.values(adapters).map((method) => ({
  method,
  contract: contracts[method.name as keyof typeof contracts] satisfies Contract,
}));

describe.each(methods)('adapter $method.name', ({ method, contract }) => {
  const all = contract.cases.flatMap((tried) =>
    tried.sites.map((site) => {
      const title = `${JSON.stringify(tried.options)} at ${site.out} x ${site.in}`;
      return [title, { ...tried, site, adapter: method.configure(tried.options) }] as const;
    }),
  );

  test.each(all)('does not move the model before training: %s', async (_, tried) => {
    const { adapter, site, startsMoved } = tried;
    const initial = initialTensors({ adapter, sites: [site] }, new TorchGenerator(5));
    const own: Record<string, Tensor<'f32'>> = {};
    for (const { name } of adapter.parameters(site)) {
      own[name] = initial.get(parameterName(site, name)) ?? float32([]);
    }
    const delta = await deltaWeight(adapter, site, own);
    const moved = delta.data.some((value) => value !== 0);
    expect(moved).toBe(startsMoved !== undefined);
  });

  test.each(all)('states ΔW as the host computes it: %s', async (_, tried) => {
    const { adapter, site } = tried;
    const { own } = randomLayer(adapter, site);
    const found = await deltaWeight(adapter, site, own);
    expect(found.shape).toEqual([site.out, site.in]);
    // Products of up to ten terms in float32.
    expect(relativeL2(found, tried.deltaWeight(own))).toBeLessThan(1e-6);
  });

  test.each(all)('equals a linear layer with the merged weight: %s', async (_, tried) => {
    const { adapter, site } = tried;
    const { layer, own, x, feeds } = randomLayer(adapter, site);
    await using session = await openLayer(layer, [inputName]);
    const y = (await session.run(feeds)).get('y');
    expect(y.shape).toEqual([...leading, site.out]);
    const delta = tried.deltaWeight(own);
    const merged = float32(
      delta.shape,
      layer.weight.data.map((value, i) => value + (delta.data[i] ?? 0)),
    );
    const flat = float32([elementCount(leading), site.in], x.data);
    const expected = matmul(flat, transpose2d(merged));
    // Sums of up to 64 products in float32.
    expect(relativeL2(float32(expected.shape, y.data), expected)).toBeLessThan(1e-6);
  });

  test.each(all)('is moved by its strength: %s', async (_, tried) => {
    const { layer, own, x, feeds } = randomLayer(tried.adapter, tried.site);
    const flat = float32([elementCount(leading), tried.site.in], x.data);
    const delta = tried.deltaWeight(own);
    for (const strength of [0, 0.25]) {
      const moved = layer.weight.data.map((w, i) => w + strength * (delta.data[i] ?? 0));
      await using session = await openLayer(layer, [inputName], { strength: () => strength });
      const y = (await session.run(strength === 0 ? { [inputName]: x } : feeds)).get('y');
      const expected = matmul(flat, transpose2d(float32(delta.shape, moved)));
      // Sums of up to 64 products in float32.
      expect(relativeL2(float32(expected.shape, y.data), expected)).toBeLessThan(1e-6);
    }
  });

  test.each(all)('has the gradients of central differences: %s', async (_, tried) => {
    const { layer, tensors, feeds } = randomLayer(tried.adapter, tried.site);
    const train = [inputName, ...tensors.keys()];
    await using session = await openLayer(layer, train);
    const results = await session.run(feeds);
    for (const name of train) {
      const found = results.get(`gradient/${name}`);
      expect(found.shape).toEqual(feeds[name]?.shape);
      // The loss is quadratic in each single element, so that a long step costs nothing and what is left is the
      // rounding of a float32 loss of about 100, divided by twice the step: 1e-5 / 0.25, of gradients of about 10.
      const differences = await centralDifferences(session, feeds, name, 0.125);
      expect(relativeL2(found, differences)).toBeLessThan(1e-4);
    }
  });

  test.each(all)('has the same gradients when only one thing is trained: %s', async (_, tried) => {
    const { layer, tensors, feeds } = randomLayer(tried.adapter, tried.site);
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
    const sizes = adapter.parameters(site).map(({ shape }) => elementCount(shape));
    const sum = sizes.reduce((total, size) => total + size, 0);
    expect(adapter.parameterCount(site)).toBe(sum);
    expect(count(site)).toBe(sum);
  });

  test.each(all)('survives its file, to the bit: %s', async (_, tried) => {
    const { adapter, site } = tried;
    const { layer, tensors, x, feeds } = randomLayer(adapter, site);
    const base = { name: 'test', sites: 1 };
    const bytes = encodeAdapterFile({ placed: [{ adapter, sites: [site] }], tensors, base });
    const read = decodeAdapterFile(bytes, 'file', [site]);
    expect(encodeAdapterFile(read)).toEqual(bytes);
    const [placed] = read.placed;
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

  test.each(contract.starts)('starts as the method asks for: $options', ({ options, moments }) => {
    const placed = { adapter: method.configure(options), sites: [largeSite] };
    const tensors = initialTensors(placed, new TorchGenerator(1));
    expect(initialTensors(placed, new TorchGenerator(1))).toEqual(tensors);
    const names = placed.adapter.parameters(largeSite).map(({ name }) => name);
    expect(Object.keys(moments).sort()).toEqual([...names].sort());
    for (const [name, { deviation, bound }] of Object.entries(moments)) {
      const { data } = tensors.get(parameterName(largeSite, name)) ?? float32([0]);
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
      // Five standard errors of 2048 draws or more, of the mean (σ/√n) and of the deviation (below σ/√(2n)).
      expect(Math.abs(mean)).toBeLessThanOrEqual((5 * deviation) / Math.sqrt(2048));
      const error = Math.abs(Math.sqrt(variance) - deviation);
      expect(error).toBeLessThanOrEqual((5 * deviation) / Math.sqrt(2 * 2048));
      expect(data.every((value) => Math.abs(value) <= bound)).toBe(true);
    }
  });

  test('starts otherwise with another seed', () => {
    const [, first] = all[0] ?? [];
    if (first === undefined) throw new Error('a contract needs a case');
    const placed = { adapter: first.adapter, sites: [first.site] };
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
});
