/** @file Writes adapters of every method in every format that holds them, and what they do here, for compare.py. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type AdapterFile,
  configureAdapter,
  initialTensors,
  parameterName,
  placeAdapter,
  type SiteWeights,
} from '../../src/adapters/index.ts';
import { AdapterError } from '../../src/base/errors.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { adapterInForm } from '../../src/convert/adapter-in-form.ts';
import { type WriteOptions, writeForeignAdapter } from '../../src/exchange/index.ts';
import { foreignFormats } from '../../src/exchange/write-adapter.ts';
import { encodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import { chooseSites, type Site } from '../../src/nn/index.ts';
import {
  baseSites,
  readSiteWeights,
  siteWeightReader,
} from '../../src/pipeline/adapters/site-weights.ts';
import type { BaseModel } from '../../src/pipeline/base/base-model.ts';
import { textPartName } from '../../src/pipeline/text/text-network.ts';
import { elementCount, float32, int64, type Tensor } from '../../src/tensor/tensor.ts';
import { type FixtureTensors, readFixtureTensors } from '../parity/fixture.ts';
import { cases, type PeerCase } from './cases.ts';
import { mergedWeights, textOutput, unetOutput } from './expected.ts';
import { type BaseName, linkBase, unetFixture } from './linked-base.ts';

/** A base with the inputs that outputs are computed for. */
interface OpenBase {
  readonly model: BaseModel;
  readonly unetInputs: FixtureTensors;
  readonly textInputs: FixtureTensors;
}

/** How far parameters are from where they start: enough to change outputs by a tenth and more. */
const deviation = 0.1;

/** Every parameter a little beside its initial value, so that none is zero. */
async function drawn({ parts }: PeerCase, base: BaseModel): Promise<AdapterFile> {
  const sites = baseSites(base);
  const random = new TorchGenerator(0);
  const placed = parts.map(({ method, options = {}, targets }) => {
    const adapter = configureAdapter(method, options);
    return placeAdapter(adapter, chooseSites(sites, targets, adapter.kinds));
  });
  const weights: SiteWeights = await readSiteWeights(base, placed);
  const tensors = placed.flatMap((each) =>
    [...initialTensors(each, random, weights)].map(([name, { shape, data }]) => {
      const noise = random.randn(elementCount(shape));
      const values = data.map((value, i) => value + deviation * (noise[i] ?? 0));
      return [name, float32(shape, values)] as const;
    }),
  );
  return { placed, tensors: new Map(tensors), base: { name: base.name, sites: sites.length } };
}

async function inForm(
  file: AdapterFile,
  { form }: PeerCase,
  base: BaseModel,
): Promise<AdapterFile> {
  if (form === undefined) return file;
  const readWeight = siteWeightReader(base);
  return { ...file, ...(await adapterInForm(file, form, { sites: baseSites(base), readWeight })) };
}

/** Merged weights and outputs of what was drawn, before it was brought into any form. */
async function expected(file: AdapterFile, base: OpenBase): Promise<[string, Tensor][]> {
  const { model, unetInputs, textInputs } = base;
  const named: [string, Tensor][] = [...(await mergedWeights(model, file))].map(
    ([name, tensor]) => [name, tensor],
  );
  const touches = (part: string) =>
    file.placed.some(({ sites }) => sites.some(({ name }) => name.startsWith(`${part}.`)));
  if (touches('unet')) named.push(['output/unet', await unetOutput(model, file, unetInputs)]);
  for (const [index, { config }] of model.textEncoders.entries()) {
    const part = textPartName(index);
    if (!touches(part)) continue;
    const ids = idsWithNewRows(textInputs, config.vocabulary, newRows(file, part));
    named.push([`ids/${part}`, int64([ids.length, config.positions], ids.flat())]);
    named.push([`output/${part}`, await textOutput(model, index, { file, ids })]);
  }
  return named;
}

/** How many rows the adapter adds to the token table of an encoder. */
function newRows({ placed, tensors }: AdapterFile, part: string): number {
  const tables = placed.flatMap(({ sites }) => sites.filter(({ kind }) => kind === 'table'));
  return tables
    .filter(({ name }) => name.startsWith(`${part}.`))
    .reduce((sum, site) => sum + (tensors.get(parameterName(site, 'vectors'))?.shape[0] ?? 0), 0);
}

/** The fixture's texts, which begin with all new rows. */
function idsWithNewRows(tensors: FixtureTensors, vocabulary: number, rows: number): number[][] {
  return tensors
    .rows('input/ids')
    .map((ids) => ids.map((id, i) => (i > 0 && i <= rows ? vocabulary + i - 1 : id)));
}

interface Kind {
  readonly name: string;
  readonly format: string;
  readonly options?: Partial<WriteOptions>;
}

/** Every format, and kohya's for SDXL also with the names that LyCORIS looks for. */
function kindsFor(base: BaseName): readonly Kind[] {
  const formats = Object.keys(foreignFormats).map((format) => ({ name: format, format }));
  const named = { format: 'kohya', options: { blocks: 'diffusers' } } as const;
  return base === 'sdxl' ? [...formats, { name: 'kohya-diffusers', ...named }] : formats;
}

/** Writes the files of every kind that holds the adapter: those kinds, and why the others do not. */
async function writeKinds(
  folder: string,
  { file, sites, kinds }: { file: AdapterFile; sites: readonly Site[]; kinds: readonly Kind[] },
) {
  const written: string[] = [];
  const refused: Record<string, string> = {};
  for (const { name: kind, format, options } of kinds) {
    try {
      for (const [name, bytes] of writeForeignAdapter(file, format, { sites, ...options })) {
        const path = join(folder, kind, name);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, bytes);
      }
      written.push(kind);
    } catch (error) {
      if (!(error instanceof AdapterError)) throw error;
      refused[kind] = error.message;
    }
  }
  return { written, refused };
}

async function main(fixtures: string, out: string): Promise<void> {
  const bases = new Map<BaseName, OpenBase>();
  const index: unknown[] = [];
  for (const [number, each] of cases.entries()) {
    const name = each.base ?? 'sd15';
    const base = bases.get(name) ?? (await openBase(name, fixtures, out));
    bases.set(name, base);
    const folder = join(out, 'cases', String(number));
    const file = await drawn(each, base.model);
    const formed = await inForm(file, each, base.model);
    const given = { file: formed, sites: baseSites(base.model), kinds: kindsFor(name) };
    const formats = await writeKinds(folder, given);
    const bytes = encodeSafetensors(await expected(file, base));
    await writeFile(join(folder, 'expected.safetensors'), bytes);
    index.push({ name: each.name, base: name, folder, ...formats });
    process.stderr.write(`${each.name}: ${formats.written.join(', ')}\n`);
  }
  await writeFile(join(out, 'cases.json'), JSON.stringify(index, undefined, 2));
}

async function openBase(name: BaseName, fixtures: string, out: string): Promise<OpenBase> {
  return {
    model: await linkBase(join(out, name), name, fixtures),
    unetInputs: await readFixtureTensors(join(fixtures, unetFixture(name))),
    textInputs: await readFixtureTensors(join(fixtures, 'clip-text')),
  };
}

const [fixtures, out] = process.argv.slice(2);
if (fixtures === undefined || out === undefined) {
  process.stderr.write('usage: tsx test/peers/main.ts FIXTURES OUT\n');
  process.exitCode = 1;
} else {
  await main(fixtures, out);
}
