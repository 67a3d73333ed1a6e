/** @file Adapters of other tools on single layers: what we read from their files changes a layer as theirs does. */
import { readdir, readFile } from 'node:fs/promises';
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
import { decodeSafetensors } from '../../../../src/formats/safetensors/safetensors.ts';
import {
  add,
  constant,
  convolution,
  Graph,
  input,
  linear,
  reshape,
  subtract,
} from '../../../../src/graph/index.ts';
import type { Site } from '../../../../src/nn/index.ts';
import { float32, reshaped, type Tensor } from '../../../../src/tensor/tensor.ts';
import { prepareAdapter } from '../../../contract/prepare-adapter.ts';
import { openProgram } from '../../../devices/test-device.ts';
import { advised, type Tolerance } from '../../advice.ts';
import { type Check, compared, compareTensors } from '../../check.ts';
import { type FixtureTensors, readFixtureJson, readFixtureTensors } from '../../fixture.ts';
import { unchecked } from '../../network.ts';

const casesSchema = z.record(
  z.string(),
  z.looseObject({ library: z.string(), folder: z.string(), trainable: z.int().optional() }),
);

/** One case: a file on the layer of its size. */
interface Layer {
  readonly name: string;
  /** `48x32`, or `8x6x3x3` of a convolution. */
  readonly size: string;
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
    const size = name.split('/').at(-1) ?? '';
    const site = siteOf(size);
    const adapter = await readCase(join(folder, place), site);
    const layer = { name, size, site, adapter, expected, tolerance };
    const counted = adapter.placed.reduce(
      (sum, each) => sum + each.adapter.parameterCount(site),
      0,
    );
    if (trainable !== undefined) {
      checks.push(compared(`${name}/trainable`, Math.abs(counted - trainable), 0));
    }
    checks.push(...(await (library === 'diffusekrona' ? checkPublished : checkLayer)(layer)));
  }
  // What a wrong scale gives, for information.
  return [...checks, ...unchecked(expected, checks, /^base\/|\/delta_lycoris_merge$/)];
}

function siteOf(size: string): Site {
  const [out = 0, channels = 0, ...kernel] = size.split('x').map(Number);
  const name = 'unet.lin';
  if (kernel.length === 0) return { name, kind: 'linear', out, in: channels };
  const [height = 1, width = 1] = kernel;
  return {
    ...{ name, kind: 'convolution', out, in: channels * height * width },
    kernel: [height, width],
  };
}

/** Of the same layer. */
function biasOf({ name, out }: Site): Site {
  return { name: `${name}.bias`, kind: 'vector', out, in: 1 };
}

async function readCase(folder: string, site: Site): Promise<ForeignAdapter> {
  const files = await readdir(folder);
  const file = files.find((each) => each.endsWith('.safetensors')) ?? '';
  const config = files.find((each) => each.endsWith('.json'));
  const where = join(folder, file);
  const stored = decodeSafetensors(await readFile(where), where).tensors;
  // The published layer's own names, without a module, as its attention processor writes them.
  const tensors = new Map(
    [...stored].map(
      ([name, tensor]) => [/^(down|up)\./.test(name) ? `lin_lora.${name}` : name, tensor] as const,
    ),
  );
  return readForeignAdapter(
    tensors,
    {},
    {
      sites: [site, biasOf(site)],
      where: folder,
      part: 'unet',
      config: config && (await readFixtureJson(folder, config)),
    },
  );
}

async function checkLayer(layer: Layer): Promise<Check[]> {
  const { name, expected, tolerance } = layer;
  const found = await computed(layer, layer.adapter.placed);
  return Object.entries(found).flatMap(([what, actual]) => {
    const reference = `${name}/${what}`;
    if (!expected.has(reference)) return [];
    return [compareTensors(reference, actual, expected.float32(reference), tolerance)];
  });
}

/** The published code's layer alone; the order of rows that it has, and that of A ⊗ B. */
async function checkPublished(layer: Layer): Promise<Check[]> {
  const { name, adapter, expected, tolerance } = layer;
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
    const frozen = expected.float32(`base/${layer.size}/y`);
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

/** What computed() gives. */
interface Results {
  readonly delta: Tensor<'f32'>;
  readonly delta_bias: Tensor<'f32'>;
  readonly y: Tensor<'f32'>;
}

/** ΔW and Δb, and the layer's output, as training computes it. */
async function computed(
  { size, site, adapter, expected }: Layer,
  placed: readonly PlacedAdapter[],
): Promise<Results> {
  const base = `base/${size}`;
  const weight = expected.float32(`${base}/weight`);
  const [only] = placed.map((each) =>
    prepareAdapter(each, () => reshaped(weight, [site.out, site.in])),
  );
  invariant(only !== undefined && placed.length === 1, 'a case has one adapter');
  const graph = new Graph();
  const { hook, parameters } = attach(graph, [{ placed: only }]);
  const frozen = constant(graph, weight);
  const frozenBias = constant(graph, expected.float32(`${base}/bias`));
  const given = expected.float32(`${base}/x`);
  const x = input(graph, 'x', 'f32', given.shape);
  const changed = hook.weight(site, frozen) ?? frozen;
  const bias = hook.weight(biasOf(site), frozenBias) ?? frozenBias;
  const y =
    site.kernel === undefined
      ? add(hook.product?.(site, x, frozen) ?? linear(x, changed), bias)
      : convolution(x, changed, bias, paddingOf(site.kernel));
  const own = only.adapter.parameters(site).flatMap(({ name }) => {
    const value = parameters.get(parameterName(site, name));
    return value === undefined ? [] : [[name, value] as const];
  });
  const delta = only.adapter.deltaWeight({
    site,
    weight: reshape(frozen, [site.out, site.in]),
    parameters: Object.fromEntries(own),
  });
  const outputs = {
    delta: reshape(delta, weight.shape),
    delta_bias: subtract(bias, frozenBias),
    y,
  };
  await using session = await openProgram({ graph, outputs }, { threads: 1 });
  const results = await session.run({ x: given, ...Object.fromEntries(adapter.tensors) });
  return {
    delta: results.get('delta'),
    delta_bias: results.get('delta_bias'),
    y: results.get('y'),
  };
}

function paddingOf([height, width]: readonly [number, number]) {
  const [rows, columns] = [Math.floor(height / 2), Math.floor(width / 2)];
  return { padding: [rows, columns, rows, columns] } as const;
}
