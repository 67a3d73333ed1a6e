/** @file Inspects an adapter of any tool: method, sites, base, words, health of its numbers, and where it will load. */
import { basename, dirname } from 'node:path';
import { describeForeignFile } from '../../../adapters/file/foreign-file.ts';
import { type AdapterFile, decodeAdapterFile } from '../../../adapters/index.ts';
import { KronaError } from '../../../base/errors.ts';
import { formatCount, formatPlural } from '../../../base/quantities.ts';
import { targetNames, targetOf } from '../../../convert/targets.ts';
import { statedAlphas } from '../../../exchange/index.ts';
import type { OpenedAdapter, UnplacedAdapter } from '../../../pipeline/adapters/adapter-file.ts';
import { readBytes } from '../../../storage/files/binary-file.ts';
import type { TensorFile } from '../../../storage/weights/tensor-file.ts';
import type { WeightPlace } from '../../../storage/weights/weight-place.ts';
import { commandLine } from '../../shell/command-line.ts';
import { exportsOf, loadersAsItIs, namesOf } from './adapter-loaders.ts';
import {
  blockTable,
  outliers,
  type SiteReport,
  siteReports,
  sizeWarnings,
} from './adapter-sites.ts';
import { triggerWords } from './adapter-words.ts';
import { type FittedAdapter, fitAdapter, titleOfBase } from './base-finding.ts';
import { describeOptions, type Finding } from './finding.ts';
import {
  describedTensors,
  readAll,
  summariseTensors,
  type TensorSummary,
  tensorFacts,
  tensorWarnings,
} from './tensors.ts';

/** How other tools' files name modules, for people. */
const formatTitles: Readonly<Record<string, string>> = {
  krona: 'of krona',
  kohya: "kohya's: flattened names, blocks as diffusers calls them",
  'kohya-sgm': "kohya's: flattened names, blocks as the original code calls them",
  lycoris: "LyCORIS' own: flattened names",
  diffusers: "diffusers'",
  processor: "diffusers' until 0.21, as the published DiffuseKronA writes it",
  comfyui: "ComfyUI's: names of the original code",
  peft: "PEFT's",
  bare: 'names of modules alone',
  embedding: 'an embedding: rows of token tables',
};

/** Metadata of other tools that say what a file is; all of them are in --json. */
const telling = [
  'ss_sd_model_name',
  'ss_base_model_version',
  'ss_network_module',
  'ss_network_args',
  'ss_resolution',
  'ss_max_train_steps',
  'ss_learning_rate',
  'modelspec.title',
  'modelspec.author',
  'modelspec.description',
  'modelspec.usage_hint',
  'modelspec.license',
];

/** Groups of sites with options of their own that are shown. */
const mostGroups = 6;

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
): Promise<Finding | undefined> {
  const { files, trainedOn } = unplaced;
  const fitted = await fitAdapter(unplaced, base);
  if (fitted instanceof KronaError && fitted.code === 'NOT_AN_ADAPTER') return undefined;
  const places = placesOf(files);
  const metadata = Object.assign({}, ...files.map((file) => file.metadata));
  const known = { metadata, summary: await summariseTensors(places) };
  if (!(fitted instanceof KronaError)) {
    return finding(path, { ...fitted.opened, ...known, fit: fitted });
  }
  const [first] = files;
  if (trainedOn !== undefined && first !== undefined) {
    const file = decodeAdapterFile(await readBytes(first.path), path);
    return finding(path, { file, format: 'krona', notes: [], ...known, fit: undefined });
  }
  const described = describeForeignFile(await readAll(places));
  return { ...describedTensors({ places, described, ...known }, fitted), kind: 'adapter' };
}

/** What is known of an adapter. */
interface Inspected extends OpenedAdapter {
  /** Undefined where it is of krona and fits none of the known bases. */
  readonly fit: FittedAdapter | undefined;
  readonly summary: TensorSummary;
  readonly metadata: Readonly<Record<string, string>>;
}

function finding(path: string, inspected: Inspected): Finding {
  const { file, format, notes, fit, summary, metadata } = inspected;
  const { placed, base, targets, training } = file;
  const reports = siteReports(file);
  const methods = [...new Set(placed.map(({ adapter }) => adapter.method))];
  const parameters = reports.reduce((sum, each) => sum + each.parameters, 0);
  const words = triggerWords(file, metadata);
  const isOurs = format === 'krona';
  const fits = fit && titleOfBase(fit.base);
  const loadings = loadersAsItIs(file, format);
  const exports = fit === undefined || !isOurs ? [] : exportsOf(file, fit.base.sites);
  return {
    kind: 'adapter',
    title: `a ${methods.join(' + ')} adapter for ${isOurs ? base.name : fits}`,
    facts: [
      ['format', formatTitles[format] ?? format],
      ...methodFacts(file),
      ['sites', sitesText(inspected, reports)],
      ['parameters', formatCount(parameters)],
      ...(isOurs && fit && fit.base.name !== base.name
        ? [['fits', titleOfBase(fit.base)] as const]
        : []),
      ...(words.length === 0 ? [] : [['words', words.join(', ')] as const]),
      ...(training === undefined ? [] : [['training', describeOptions(training)] as const]),
      ...statedAlphas(metadata, path).map((text) => ['stated strength', text] as const),
      ...telling.flatMap((key) => {
        const value = metadata[key];
        return value === undefined || value === '{}' ? [] : [[key, value] as const];
      }),
      ...tensorFacts(summary),
      ...loaderFacts(loadings, exports),
    ],
    table: blockTable(reports),
    details: {
      format,
      adapters: placed.map(({ adapter: { method, options }, sites }) => ({
        method,
        options,
        sites: sites.length,
      })),
      base: isOurs ? base : { sites: fit?.base.sites.length },
      fits: fit?.base.name,
      words,
      targets,
      training,
      sites: reports.length,
      parameters,
      bySite: reports,
      outliers: outliers(reports),
      loads: loadings,
      exports,
      metadata: isOurs ? undefined : metadata,
      summary,
    },
    warnings: [
      ...(fit?.problem === undefined ? notes : [fit.problem.message, ...notes]),
      ...tensorWarnings(summary),
      ...(summary.notFinite.length === 0 ? sizeWarnings(reports) : []),
    ],
    next: nextSteps(path, inspected, namesOf(loadings)),
  };
}

/** One line for every method, or for every group of sites with options of its own. */
function methodFacts({ placed }: AdapterFile): Finding['facts'] {
  const shown = placed.slice(0, mostGroups).map(({ adapter: { method, options }, sites }) => {
    const described = describeOptions(options);
    const where = placed.length > 1 ? `${formatPlural(sites.length, 'site')}: ` : '';
    return [method, `${where}${described === '' ? 'no options' : described}`] as const;
  });
  const more = placed.length - shown.length;
  return more > 0 ? [...shown, ['', `and ${more} more groups of sites`]] : shown;
}

function sitesText({ file, fit }: Inspected, reports: readonly SiteReport[]): string {
  const all = fit?.base.sites.length ?? file.base.sites;
  const targets = file.targets === undefined ? '' : `, targets ${file.targets.join(', ')}`;
  return `${reports.length} of the base's ${all}${targets}`;
}

function loaderFacts(
  loadings: ReturnType<typeof loadersAsItIs>,
  exports: ReturnType<typeof exportsOf>,
): Finding['facts'] {
  const obstacles = loadings.flatMap(({ program, obstacle }) =>
    obstacle === undefined ? [] : [`${program}: ${obstacle}`],
  );
  const exported = exports.map(({ format, loaders }) => {
    const target = targetNames.find((name) => targetOf(name).writer === format) ?? format;
    return `convert --to ${target}: ${loaders.join(', ') || 'the code published with DiffuseKronA'}`;
  });
  return [
    ['loads in', ['krona', ...namesOf(loadings)].join(', ')],
    ...(obstacles.length === 0 ? [] : [['not in', obstacles.join('\n')] as const]),
    ...(exported.length === 0 ? [] : [['after', exported.join('\n')] as const]),
  ];
}

function nextSteps(path: string, { file, format, fit }: Inspected, loaders: readonly string[]) {
  const word = file.training?.subject === undefined ? 'sks dog' : '{subject}';
  const base =
    format === 'krona' ? [] : ['--base', fit?.base.name === 'pocket' ? 'pocket' : 'BASE'];
  const prompt = ['--prompt', `a ${word} on the beach`, '--out', 'pictures'];
  const asLora = ['--to', 'kohya', '--as', 'lora', '--out', 'lora.safetensors'];
  return [
    `make pictures: ${commandLine('generate', '--adapter', path, ...base, ...prompt)}`,
    ...(format === 'krona' || loaders.length > 0
      ? []
      : [`for other tools: ${commandLine('convert', path, ...asLora)}`]),
  ];
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
