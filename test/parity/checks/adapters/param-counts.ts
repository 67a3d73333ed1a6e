/** @file Exact numbers of trainable parameters of adapters on published models. */
import * as z from 'zod';
import { configureAdapter } from '../../../../src/adapters/index.ts';
import { KronaError } from '../../../../src/base/errors.ts';
import { Graph, input, type Value } from '../../../../src/graph/index.ts';
import type { ClipTextConfig } from '../../../../src/models/clip/clip-config.ts';
import { clipText } from '../../../../src/models/clip/clip-text.ts';
import { isFamilyName, openFamilyConfig } from '../../../../src/models/families.ts';
import { traceUNet } from '../../../../src/models/unet/sites.ts';
import { chooseSites, Scope, type Site } from '../../../../src/nn/index.ts';
import { elementCount } from '../../../../src/tensor/tensor.ts';
import { type Check, compared, unsupported } from '../../check.ts';
import { readFixtureJson } from '../../fixture.ts';

const counts = z.record(z.string(), z.int());

/** What is counted on one set of matrices; methods that are not named here are said to be unsupported. */
const groupSchema = z.looseObject({
  matrices: z.int(),
  weights_in_them: z.int().optional(),
  krona: counts.default({}),
  krona_by_projection: z.record(z.string(), counts).default({}),
  krona_not_divisible: z.array(z.string()).default([]),
  lora: counts.default({}),
  dora: counts.default({}),
  loha: counts.default({}),
  /** By settings as in `factor=4,dim=8,decompose_both=True` or `factor=4,full_matrix`. */
  lokr_lycoris: counts.default({}),
});

const modelSchema = z.looseObject({
  unet_parameters: z.int(),
  unet_attention: groupSchema,
  unet_attn1_only: groupSchema,
  unet_attn2_only: groupSchema,
  /** In the order in which the UNet's context joins them. */
  text_encoders: z.record(
    z.string(),
    z.looseObject({ parameters: z.int(), attention: groupSchema }),
  ),
});

const countsSchema = z.looseObject({ models: z.record(z.string(), modelSchema) });

type Model = z.output<typeof modelSchema>;
type Group = z.output<typeof groupSchema>;

/** Keys of a group that state no method's numbers. */
const descriptions = ['matrices', 'weights_in_them', 'shapes'];

/** Compares every count of the models whose configurations ship with the package. */
export async function checkParameterCounts(folder: string): Promise<Check[]> {
  const { models } = countsSchema.parse(await readFixtureJson(folder, 'param-counts.json'));
  const checks = await Promise.all(
    Object.entries(models).map(([name, model]) => checkModel(name, model)),
  );
  return checks.flat();
}

async function checkModel(name: string, model: Model): Promise<Check[]> {
  if (!isFamilyName(name)) return [unsupported(name, `no configuration of ${name}`)];
  const { unet, textEncoders } = await openFamilyConfig(name);
  const { sites, weights } = traceUNet(unet);
  const texts = Object.entries(model.text_encoders).flatMap(([label, expected], i) => {
    const config = textEncoders[i];
    if (config === undefined) return [unsupported(`${name}/${label}`, 'no configuration of it')];
    const scope = traceText(config);
    const where = `${name}/${label}`;
    return [
      exact(`${where}/parameters`, parameters(scope.weights), expected.parameters),
      ...checkGroup(where, expected.attention, chooseSites(scope.sites, ['text-encoder'])),
    ];
  });
  return [
    exact(`${name}/unet_parameters`, parameters(weights), model.unet_parameters),
    ...checkGroup(name, model.unet_attention, chooseSites(sites, ['attention'])),
    ...checkGroup(`${name}/attn1`, model.unet_attn1_only, chooseSites(sites, ['attn1.to_*'])),
    ...checkGroup(`${name}/attn2`, model.unet_attn2_only, chooseSites(sites, ['attn2.to_*'])),
    ...texts,
  ];
}

function checkGroup(where: string, group: Group, sites: readonly Site[]): Check[] {
  const others = Object.keys(group).filter(
    (key) => !(key in groupSchema.shape) && !descriptions.includes(key),
  );
  const weights = sites.reduce((sum, site) => sum + site.out * site.in, 0);
  return [
    exact(`${where}/matrices`, sites.length, group.matrices),
    ...(group.weights_in_them === undefined
      ? []
      : [exact(`${where}/weights_in_them`, weights, group.weights_in_them)]),
    ...Object.entries(group.krona).map(([pair, expected]) =>
      exact(`${where}/krona ${pair}`, count('krona', factors(pair), sites), expected),
    ),
    ...Object.entries(group.krona_by_projection).flatMap(([pair, byProjection]) =>
      Object.entries(byProjection).map(([projection, expected]) => {
        const chosen = chooseSites(sites, [projection]);
        const actual = count('krona', factors(pair), chosen);
        return exact(`${where}/krona ${pair} ${projection}`, actual, expected);
      }),
    ),
    ...group.krona_not_divisible.map((pair) =>
      exact(`${where}/krona ${pair} refused`, refuses(pair, sites) ? 1 : 0, 1),
    ),
    ...byRank(`${where}/lora`, group.lora, (rank) => count('lora', { rank }, sites)),
    ...byRank(`${where}/dora`, group.dora, (rank) => count('lora', { rank, dora: true }, sites)),
    ...byRank(`${where}/loha`, group.loha, (rank) => count('loha', { rank }, sites)),
    ...Object.entries(group.lokr_lycoris).map(([settings, expected]) =>
      exact(`${where}/lokr ${settings}`, count('lokr', lokrOptions(settings), sites), expected),
    ),
    ...others.map((method) => unsupported(`${where}/${method}`, 'adapters that are not here yet')),
  ];
}

function byRank(
  name: string,
  expected: Readonly<Record<string, number>>,
  counted: (rank: number) => number,
): Check[] {
  return Object.entries(expected).map(([rank, number]) =>
    exact(`${name} ${rank}`, counted(Number(rank)), number),
  );
}

/** Options of `factor=4,dim=8,decompose_both=True`; a full second factor has no rank. */
function lokrOptions(settings: string): Readonly<Record<string, unknown>> {
  const value = (name: string) => new RegExp(`\\b${name}=([^,]+)`).exec(settings)?.[1];
  const rank = value('dim');
  return {
    factor: Number(value('factor')),
    ...(rank === undefined ? {} : { rank: Number(rank) }),
    decomposeBoth: value('decompose_both') === 'True',
    full: settings.includes('full_matrix'),
  };
}

function exact(name: string, actual: number, expected: number): Check {
  return compared(name, Math.abs(actual - expected), 0);
}

function factors(pair: string): { a1: number; a2: number } {
  const [a1 = 0, a2 = 0] = pair.split(',').map(Number);
  return { a1, a2 };
}

function count(method: string, options: unknown, sites: readonly Site[]): number {
  const adapter = configureAdapter(method, options);
  return sites.reduce((sum, site) => sum + adapter.parameterCount(site), 0);
}

function refuses(pair: string, sites: readonly Site[]): boolean {
  try {
    count('krona', factors(pair), sites);
    return false;
  } catch (error) {
    return error instanceof KronaError && error.code === 'FACTOR_DOES_NOT_DIVIDE';
  }
}

function parameters(weights: ReadonlyMap<string, Value>): number {
  return [...weights.values()].reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

function traceText(config: ClipTextConfig): Scope {
  const graph = new Graph();
  const scope = Scope.root(graph);
  clipText(scope, config, {
    ids: input(graph, 'ids', 'i64', [1, 1]),
    pooledRows: input(graph, 'rows', 'i64', [1]),
  });
  return scope;
}
