/** @file Adapters of other tools on single linear layers: what we read from their files changes a layer as theirs does. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import {
  attach,
  configureAdapter,
  type PlacedAdapter,
  parameterName,
} from '../../../../src/adapters/index.ts';
import { invariant } from '../../../../src/base/errors.ts';
import { type ForeignAdapter, readForeignAdapter } from '../../../../src/exchange/index.ts';
import { add, constant, Graph, input, linear } from '../../../../src/graph/index.ts';
import type { Site } from '../../../../src/nn/index.ts';
import { float32, type Tensor } from '../../../../src/tensor/tensor.ts';
import { prepareAdapter } from '../../../contract/prepare-adapter.ts';
import { openProgram } from '../../../devices/test-device.ts';
import { advised, type Tolerance } from '../../advice.ts';
import { type Check, compared, compareTensors } from '../../check.ts';
import { type FixtureTensors, readFixtureJson, readFixtureTensors } from '../../fixture.ts';
import { unchecked } from '../../network.ts';

const casesSchema = z.record(
  z.string(),
  z.looseObject({ library: z.string(), folder: z.string(), trainable: z.int() }),
);

/** One case: a file on the layer of its size. */
interface Layer {
  readonly name: string;
  readonly site: Site;
  readonly adapter: ForeignAdapter;
  readonly expected: FixtureTensors;
  readonly tolerance: Tolerance;
}

/** Compares ΔW and the output of every case. */
export async function checkAdapterLayers(folder: string, fixture: unknown): Promise<Check[]> {
  const { tolerance: advice } = z.looseObject({ tolerance: z.string() }).parse(fixture);
  const tolerance = advised(advice, '', { relative: 1e-5, absolute: 1e-5 });
  const cases = casesSchema.parse(await readFixtureJson(folder, 'cases.json'));
  const expected = await readFixtureTensors(folder);
  const checks: Check[] = [];
  for (const [name, { folder: place, library, trainable }] of Object.entries(cases)) {
    const [out = 0, inner = 0] = (name.split('/').at(-1) ?? '').split('x').map(Number);
    const site: Site = { name: 'unet.lin', kind: 'linear', out, in: inner };
    const adapter = await readCase(join(folder, place), site);
    const layer = { name, site, adapter, expected, tolerance };
    const counted = adapter.placed.reduce(
      (sum, each) => sum + each.adapter.parameterCount(site),
      0,
    );
    checks.push(compared(`${name}/trainable`, Math.abs(counted - trainable), 0));
    checks.push(...(await (library === 'diffusekrona' ? checkPublished : checkLayer)(layer)));
  }
  // What a wrong scale gives, for information.
  return [...checks, ...unchecked(expected, checks, /^base\/|\/delta_lycoris_merge$/)];
}

async function readCase(folder: string, site: Site): Promise<ForeignAdapter> {
  const files = await readdir(folder);
  const file = files.find((each) => each.endsWith('.safetensors')) ?? '';
  const config = files.find((each) => each.endsWith('.json'));
  const stored = await readFixtureTensors(folder, file);
  // The published layer's own names, without a module, as its attention processor writes them.
  const tensors = new Map(
    stored.names().map((name) => {
      const tensor = stored.float32(name);
      return [/^(down|up)\./.test(name) ? `lin_lora.${name}` : name, tensor] as const;
    }),
  );
  return readForeignAdapter(
    tensors,
    {},
    {
      sites: [site],
      where: folder,
      part: 'unet',
      config: config && (await readFixtureJson(folder, config)),
    },
  );
}

async function checkLayer(layer: Layer): Promise<Check[]> {
  const { name, expected, tolerance } = layer;
  const { delta, y } = await computed(layer, layer.adapter.placed);
  return [
    compareTensors(`${name}/delta`, delta, expected.float32(`${name}/delta`), tolerance),
    compareTensors(`${name}/y`, y, expected.float32(`${name}/y`), tolerance),
  ];
}

/** The published code's layer alone; the order of rows that it has, and that of A ⊗ B. */
async function checkPublished(layer: Layer): Promise<Check[]> {
  const { name, site, adapter, expected, tolerance } = layer;
  const orders = [
    ['reference', 'delta', 'y_adapter_only'],
    ['kron', 'kron_A_B', 'y_kron_A_B_only'],
  ] as const;
  const checks: Check[] = [];
  for (const [layout, deltaName, outputName] of orders) {
    const placed = adapter.placed.map(({ adapter: { method, options }, sites }) => ({
      adapter: configureAdapter(method, { ...options, layout }),
      sites,
    }));
    const { delta, y } = await computed(layer, placed);
    const frozen = expected.float32(`base/${site.out}x${site.in}/y`);
    const alone = expected.float32(`${name}/${outputName}`);
    const whole = float32(
      alone.shape,
      alone.data.map((value, i) => value + (frozen.data[i] ?? 0)),
    );
    checks.push(
      compareTensors(
        `${name}/${deltaName}`,
        delta,
        expected.float32(`${name}/${deltaName}`),
        tolerance,
      ),
      compareTensors(`${name}/${outputName}`, y, whole, tolerance),
    );
  }
  return checks;
}

/** ΔW, and the layer's output with its bias, as training computes it. */
async function computed(
  { site, adapter, expected }: Layer,
  placed: readonly PlacedAdapter[],
): Promise<{ readonly delta: Tensor<'f32'>; readonly y: Tensor<'f32'> }> {
  const base = `base/${site.out}x${site.in}`;
  const weight = expected.float32(`${base}/weight`);
  const [only] = placed.map((each) => prepareAdapter(each, () => weight));
  invariant(only !== undefined && placed.length === 1, 'a case has one adapter');
  const graph = new Graph();
  const { hook, parameters } = attach(graph, [{ placed: only }]);
  const frozen = constant(graph, weight);
  const bias = constant(graph, expected.float32(`${base}/bias`));
  const given = expected.float32(`${base}/x`);
  const x = input(graph, 'x', 'f32', given.shape);
  const product = hook.product?.(site, x, frozen);
  const y = add(product ?? linear(x, hook.weight(site, frozen) ?? frozen), bias);
  const own = only.adapter.parameters(site).flatMap(({ name }) => {
    const value = parameters.get(parameterName(site, name));
    return value === undefined ? [] : [[name, value] as const];
  });
  const delta = only.adapter.deltaWeight({
    site,
    weight: frozen,
    parameters: Object.fromEntries(own),
  });
  await using session = await openProgram({ graph, outputs: { delta, y } }, { threads: 1 });
  const results = await session.run({ x: given, ...Object.fromEntries(adapter.tensors) });
  return { delta: results.get('delta'), y: results.get('y') };
}
