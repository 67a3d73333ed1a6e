/** @file The sites of an adapter one by one: how many numbers, how large, and which stand out. */
import { type AdapterFile, type PlacedAdapter, parameterName } from '../adapters/index.ts';
import { grouped } from '../base/grouped.ts';
import { median } from '../base/numbers/median.ts';
import { firstNames, formatPlural } from '../base/quantities.ts';

/** One site of an adapter. */
export interface SiteReport {
  readonly site: string;
  readonly method: string;
  readonly out: number;
  readonly in: number;
  readonly parameters: number;
  /**
   * Π ‖T‖ / √(out·in) over its tensors, Frobenius; the sum of such products where ΔW is one. Of a Kronecker product it is
   * the root mean square of ΔW, of sums of them and of other products its bound, and scaling one factor up and the other
   * down changes nothing.
   */
  readonly size: number;
}

/** A site that is much larger than others of its method. */
export interface Outlier {
  readonly site: string;
  /** How many times the median. */
  readonly times: number;
}

/** A site this many times larger than the median of its method stands out. */
const farAbove = 10;

/** Every site, in the order of the file. */
export function siteReports({ placed, tensors }: AdapterFile): readonly SiteReport[] {
  const normOf = (name: string) => {
    let squares = 0;
    for (const value of tensors.get(name)?.data ?? []) squares += value * value;
    return Math.sqrt(squares);
  };
  return placed.flatMap(({ adapter, sites }: PlacedAdapter) =>
    sites.map((site) => {
      const names = adapter.parameters(site).map(({ name }) => name);
      const products = (adapter.summands ?? [names]).map((factors) =>
        factors.reduce((product, name) => product * normOf(parameterName(site, name)), 1),
      );
      return {
        site: site.name,
        method: adapter.method,
        out: site.out,
        in: site.in,
        parameters: adapter.parameterCount(site),
        size: products.reduce((sum, product) => sum + product) / Math.sqrt(site.out * site.in),
      };
    }),
  );
}

/** Sites that are much larger than others of their method, the largest first, with how many times the median. */
export function outliers(reports: readonly SiteReport[]): readonly Outlier[] {
  return [...grouped(reports, ({ method }) => method).values()]
    .flatMap((own) => {
      const usual = medianOf(own);
      return own.flatMap(({ site, size }) =>
        usual > 0 && size > farAbove * usual ? [{ site, times: size / usual }] : [],
      );
    })
    .sort((a, b) => b.times - a.times);
}

/** The median size. */
export function medianOf(reports: readonly SiteReport[]): number {
  return median(reports.map(({ size }) => size)) ?? 0;
}

/** What is wrong with the sizes. */
export function sizeWarnings(reports: readonly SiteReport[]): readonly string[] {
  const zero = reports.filter(({ size }) => size === 0);
  const far = outliers(reports).map(({ site, times }) => `${site} (${times.toFixed(0)} times)`);
  return [
    ...(zero.length === reports.length
      ? ['it changes nothing: at every site a factor is all zero, as before the training']
      : zero.length > 0
        ? [
            `${formatPlural(zero.length, 'site')} of ${reports.length} change nothing: ${firstNames(zero.map(({ site }) => site))}`,
          ]
        : []),
    ...(far.length === 0
      ? []
      : [
          `${formatPlural(far.length, 'site')} far above the median in size: ${firstNames(far)}; pictures may break there first: lower the strength, or that of these sites`,
        ]),
  ];
}
