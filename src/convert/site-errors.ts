/** @file How far a change of weights is from another, site by site. */
import { type AdapterFile, type SiteAdapter, separateSites } from '../adapters/index.ts';
import type { Site } from '../nn/index.ts';
import { DeltaWeights } from '../pipeline/adapters/delta-weights.ts';
import type { ReadSiteWeight } from '../pipeline/adapters/site-weights.ts';
import { relativeL2 } from '../tensor/linear-algebra/host-matrices.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** ‖ΔW′ − ΔW‖ / ‖ΔW‖ of a site, Frobenius. */
export interface SiteError {
  readonly site: string;
  readonly error: number;
}

/** ΔW of a site: [out, in]. */
export type ReadChange = (site: Site) => Promise<Tensor<'f32'>>;

/** Methods on their sites, with the values of their parameters. */
export type PlacedValues = Pick<AdapterFile, 'placed' | 'tensors'>;

/** The error of an adapter at each of its sites, where the changes are known that it stands for. */
export async function errorsAgainst(
  change: ReadChange,
  { placed, tensors }: PlacedValues,
  readWeight: ReadSiteWeight,
): Promise<readonly SiteError[]> {
  const errors: SiteError[] = [];
  await using weights = new DeltaWeights(placed, tensors, readWeight);
  for (const site of weights.sites) {
    const error = relativeL2(await weights.at(site), await change(site));
    errors.push({ site: site.name, error });
  }
  return errors;
}

/** The error of an adapter against another; what both have bit for bit is not computed. */
export async function errorsBetween(
  actual: PlacedValues,
  expected: PlacedValues,
  readWeight: ReadSiteWeight,
): Promise<readonly SiteError[]> {
  const before = new Map(
    separateSites(expected.placed, expected.tensors).map((each) => [each.site.name, each]),
  );
  const after = separateSites(actual.placed, actual.tensors);
  const isChanged = new Map(
    after.map((each) => [each.site.name, !isSame(each, before.get(each.site.name))]),
  );
  const changed = actual.placed.map(({ sites, ...each }) => ({
    ...each,
    sites: sites.filter(({ name }) => isChanged.get(name)),
  }));
  await using weights = new DeltaWeights(expected.placed, expected.tensors, readWeight);
  const errors = await errorsAgainst(
    (site) => weights.at(site),
    { ...actual, placed: changed },
    readWeight,
  );
  const bySite = new Map(errors.map((each) => [each.site, each]));
  return after.map(({ site }) => bySite.get(site.name) ?? { site: site.name, error: 0 });
}

function isSame(a: SiteAdapter, b: SiteAdapter | undefined): boolean {
  return (
    b !== undefined &&
    a.method === b.method &&
    JSON.stringify(a.options) === JSON.stringify(b.options) &&
    Object.entries(a.parameters).every(([name, { data }]) => {
      const other = b.parameters[name]?.data;
      return data.every((value, i) => Object.is(value, other?.[i]));
    })
  );
}
