/** @file Inspects an adapter of any tool: method, sites, base, words, health of its numbers, and where it will load. */
import { describeForeignFile } from '../adapters/file/foreign-file.ts';
import { type AdapterBase, type AdapterTraining, decodeAdapterFile } from '../adapters/index.ts';
import { KronaError } from '../base/errors.ts';
import { statedAlphas } from '../exchange/index.ts';
import type { Loading } from '../exchange/tools/loaders.ts';
import type { OpenedAdapter, UnplacedAdapter } from '../pipeline/adapters/adapter-file.ts';
import { basename, dirname } from '../platform/paths.ts';
import { readBytes } from '../storage/files/binary-file.ts';
import type { TensorFile } from '../storage/weights/tensor-file.ts';
import type { WeightPlace } from '../storage/weights/weight-place.ts';
import { type FittedAdapter, fitAdapter, titleOfBase } from './adapter-fit.ts';
import { type Export, exportsOf, loadersAsItIs } from './adapter-loaders.ts';
import {
  type Outlier,
  outliers,
  type SiteReport,
  siteReports,
  sizeWarnings,
} from './adapter-sites.ts';
import { triggerWords } from './adapter-words.ts';
import {
  describedTensors,
  readAll,
  summariseTensors,
  type TensorSummary,
  type TensorsInspection,
  tensorWarnings,
} from './tensor-summary.ts';

/** A method with its options, and at how many sites. */
export interface AdapterGroup {
  readonly method: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly sites: number;
}

/** An adapter of any tool. */
export interface AdapterInspection {
  readonly kind: 'adapter';
  readonly path: string;
  /** How it names modules: `krona` where it is ours, `kohya`, `diffusers`, `peft`, ... */
  readonly format: string;
  readonly adapters: readonly AdapterGroup[];
  /** What ours says it was trained on; of other tools', how many sites the base has that it fits. */
  readonly base: AdapterBase | { readonly sites: number | undefined };
  /** The known base that it fits: `sd15`, ... */
  readonly fits: string | undefined;
  /** The same for people: `Stable Diffusion 1.5`. */
  readonly fitsTitle: string | undefined;
  readonly sitesOfBase: number;
  /** What to write into a prompt, the surest first. */
  readonly words: readonly string[];
  readonly targets: readonly string[] | undefined;
  readonly training: AdapterTraining | undefined;
  readonly sites: number;
  readonly parameters: number;
  readonly bySite: readonly SiteReport[];
  /** Sites that are much larger than others, the largest first. */
  readonly outliers: readonly Outlier[];
  /** Other programs that may load it as it is. */
  readonly loads: readonly Loading[];
  /** Formats that hold it without loss, and what loads it then. */
  readonly exports: readonly Export[];
  /** What the file says of its strength, one sentence each. */
  readonly statedStrengths: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly summary: TensorSummary;
  readonly warnings: readonly string[];
}

/**
 * Inspects an adapter.
 *
 * @param base to read it for, in place of the families and what the file says
 * @returns undefined where it is none
 * @throws FormatError or AdapterError where it is broken
 */
export async function inspectAdapter(
  path: string,
  unplaced: UnplacedAdapter,
  base?: string,
): Promise<AdapterInspection | TensorsInspection | undefined> {
  const { files, trainedOn } = unplaced;
  const fitted = await fitAdapter(unplaced, base);
  if (fitted instanceof KronaError && fitted.code === 'NOT_AN_ADAPTER') return undefined;
  const places = placesOf(files);
  const metadata = Object.assign({}, ...files.map((file) => file.metadata));
  const known = { path, metadata, summary: await summariseTensors(places) };
  if (!(fitted instanceof KronaError)) {
    return inspection({ ...fitted.opened, ...known, fit: fitted });
  }
  const [first] = files;
  if (trainedOn !== undefined && first !== undefined) {
    const file = decodeAdapterFile(await readBytes(first.path), path);
    return inspection({ file, format: 'krona', notes: [], ...known, fit: undefined });
  }
  const described = describeForeignFile(await readAll(places));
  return describedTensors({ ...known, places }, { kind: 'unread adapter', described }, [
    `${fitted.message} (\`base\` reads it for another base)`,
  ]);
}

/** What is known of an adapter. */
interface Inspected extends OpenedAdapter {
  readonly path: string;
  /** Undefined where it is of krona and fits none of the known bases. */
  readonly fit: FittedAdapter | undefined;
  readonly summary: TensorSummary;
  readonly metadata: Readonly<Record<string, string>>;
}

function inspection(inspected: Inspected): AdapterInspection {
  const { path, file, format, notes, fit, summary, metadata } = inspected;
  const { placed, targets, training } = file;
  const bySite = siteReports(file);
  const isOurs = format === 'krona';
  const sitesOfFit = fit?.base.sites.length;
  return {
    kind: 'adapter',
    path,
    format,
    adapters: placed.map(({ adapter: { method, options }, sites }) => ({
      method,
      options,
      sites: sites.length,
    })),
    base: isOurs ? file.base : { sites: sitesOfFit },
    fits: fit?.base.name,
    fitsTitle: fit && titleOfBase(fit.base),
    sitesOfBase: sitesOfFit ?? file.base.sites,
    words: triggerWords(file, metadata),
    targets,
    training,
    sites: bySite.length,
    parameters: bySite.reduce((sum, each) => sum + each.parameters, 0),
    bySite,
    outliers: outliers(bySite),
    loads: loadersAsItIs(file, format),
    exports: fit === undefined || !isOurs ? [] : exportsOf(file, fit.base.sites),
    statedStrengths: statedAlphas(metadata, path),
    metadata,
    summary,
    warnings: [
      ...(fit?.problem === undefined ? notes : [fit.problem.message, ...notes]),
      ...tensorWarnings(summary),
      ...(summary.notFinite.length === 0 ? sizeWarnings(bySite) : []),
    ],
  };
}

/** All tensors; of several files, after the folder of each. */
function placesOf(files: readonly TensorFile[]): ReadonlyMap<string, WeightPlace> {
  return new Map(
    files.flatMap(({ path, places }) =>
      [...places].map(([name, place]) => {
        const prefix = files.length === 1 ? '' : `${basename(dirname(path))}/`;
        return [`${prefix}${name}`, place] as const;
      }),
    ),
  );
}
