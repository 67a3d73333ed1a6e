/** @file KronA and LoRA on single layers against what PEFT, LyCORIS and the published DiffuseKronA compute. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Adapter, configureAdapter, parameterName } from '../../src/adapters/index.ts';
import { kron, matmul, relativeL2, transpose2d } from '../../src/tensor/linear-algebra.ts';
import { float32, reshaped, type Tensor } from '../../src/tensor/tensor.ts';
import { type FixtureTensors, readFixtureJson, readFixtureTensors } from '../parity/fixture.ts';
import { inputName, openLayer } from './adapted-layer.ts';
import { site } from './adapter-contracts.ts';

const folder = '../shared/fixtures/adapter-layers';

const caseSchema = z.object({
  library: z.string(),
  type: z.string(),
  config: z.record(z.string(), z.union([z.number(), z.boolean()])),
  equals_kron: z.boolean().optional(),
});
type Case = z.output<typeof caseSchema>;

const cases = z.record(z.string(), caseSchema).parse(await readFixtureJson(folder, 'cases.json'));
const expected = await readFixtureTensors(folder);

/** An adapter of ours that means the same as a reference's file. */
interface Counterpart {
  readonly adapter: Adapter;
  readonly a: Tensor<'f32'>;
  readonly b: Tensor<'f32'>;
}

function setting({ config }: Case, key: string): number {
  return Number(config[key]);
}

/** [out, in] of `lokr_f4_full/96x64`. */
function sizeOf(name: string): readonly [number, number] {
  const [out = 0, inner = 0] = (name.split('/').at(-1) ?? '').split('x').map(Number);
  return [out, inner];
}

/** W + ΔW applied to the fixture's x by our graph, without bias: [2, 5, out]. */
async function output(name: string, { adapter, a, b }: Counterpart): Promise<Tensor<'f32'>> {
  const [out, inner] = sizeOf(name);
  const base = `base/${out}x${inner}`;
  const at = site(out, inner);
  const x = expected.float32(`${base}/x`);
  const lossWeights = float32([...x.shape.slice(0, -1), out]);
  const layer = { adapter, site: at, weight: expected.float32(`${base}/weight`), lossWeights };
  await using session = await openLayer(layer, [inputName]);
  const feeds = { [inputName]: x, [parameterName(at, 'A')]: a, [parameterName(at, 'B')]: b };
  return (await session.run(feeds)).get('y');
}

/** The fixture's output without the bias. */
function withoutBias(name: string): Tensor<'f32'> {
  const [out, inner] = sizeOf(name);
  const y = expected.float32(`${name}/y`);
  const bias = expected.float32(`base/${out}x${inner}/bias`);
  return float32(
    y.shape,
    y.data.map((value, i) => value - (bias.data[i % out] ?? 0)),
  );
}

const loraCases = Object.entries(cases).filter(
  ([, { type, config }]) => type === 'LORA' && config.use_dora === false,
);

test('there are LoRA cases', () => expect(loraCases.length).toBeGreaterThanOrEqual(6));

test.each(loraCases)('LoRA computes what PEFT does: %s', async (name, reference) => {
  const file = await readFixtureTensors(`${folder}/${name}`, 'adapter_model.safetensors');
  const rank = setting(reference, 'r');
  // PEFT's rsLoRA divides alpha by √r instead of r.
  const stretch = reference.config.use_rslora === true ? Math.sqrt(rank) : 1;
  const alpha = setting(reference, 'lora_alpha') * stretch;
  const counterpart = {
    adapter: configureAdapter('lora', { rank, alpha }),
    a: file.float32('base_model.model.lin.lora_A.weight'),
    b: file.float32('base_model.model.lin.lora_B.weight'),
  };
  // Advice of the fixture.
  expect(relativeL2(await output(name, counterpart), withoutBias(name))).toBeLessThan(1e-5);
});

/** Both factors of a LoKr file; undefined where one is a product itself. */
function fullFactors(file: FixtureTensors): [Tensor<'f32'>, Tensor<'f32'>] | undefined {
  const ending = (suffix: string) => file.names().find((name) => name.endsWith(suffix));
  const [first, second] = [ending('.lokr_w1'), ending('.lokr_w2')];
  if (first === undefined || second === undefined) return undefined;
  return [file.float32(first), file.float32(second)];
}

const fullCases = Object.entries(cases).filter(([name]) => /_lokr_.*full/.test(name));

test('there are LoKr cases with full factors', () =>
  expect(fullCases.length).toBeGreaterThanOrEqual(15));

test.each(fullCases)(
  'KronA computes what LoKr with full factors does: %s',
  async (name, reference) => {
    const isPeft = reference.library === 'peft';
    const fileName = isPeft ? 'adapter_model.safetensors' : 'lycoris.safetensors';
    const factors = fullFactors(await readFixtureTensors(`${folder}/${name}`, fileName));
    if (factors === undefined) throw new Error(`${name} has no full factors`);
    const [a, b] = factors;
    // PEFT multiplies by alpha / r in any case, LyCORIS only where a factor is a product.
    const scale = isPeft ? setting(reference, 'alpha') / setting(reference, 'r') : 1;
    const [a1, a2] = a.shape;
    const adapter = configureAdapter('krona', { a1, a2, scale });
    const product = kron(a, b);
    const delta = { ...product, data: product.data.map((value) => value * scale) };
    // Advice of the fixture.
    expect(relativeL2(delta, expected.float32(`${name}/delta`))).toBeLessThan(1e-5);
    expect(relativeL2(await output(name, { adapter, a, b }), withoutBias(name))).toBeLessThan(1e-5);
  },
);

const publishedCases = Object.entries(cases).filter(
  ([, { library }]) => library === 'diffusekrona',
);

test.each(publishedCases)(
  'KronA is the true A ⊗ B, not the published row order: %s',
  async (name, reference) => {
    const file = await readFixtureTensors(`${folder}/${name}`, 'krona.safetensors');
    const a = transpose2d(file.float32('down.weight'));
    const b = file.float32('up.weight');
    const [a1, a2] = a.shape;
    const adapter = configureAdapter('krona', { a1, a2 });
    const y = await output(name, { adapter, a, b });
    const x = expected.float32(`base/${sizeOf(name).join('x')}/x`);
    const [out, inner] = sizeOf(name);
    const tokens = x.data.length / inner;
    const frozen = matmul(
      reshaped(x, [tokens, inner]),
      transpose2d(expected.float32(`base/${out}x${inner}/weight`)),
    );
    const adapterOnly = float32(
      y.shape,
      y.data.map((value, i) => value - (frozen.data[i] ?? 0)),
    );
    // Advice of the fixture, ten times wider for the frozen layer's output taken off again.
    expect(relativeL2(adapterOnly, expected.float32(`${name}/y_kron_A_B_only`))).toBeLessThan(1e-4);
    const published = relativeL2(adapterOnly, expected.float32(`${name}/y_adapter_only`));
    expect(published < 1e-4).toBe(reference.equals_kron);
  },
);
