/** @file An adapter in words. */
import { grouped } from '../../../base/grouped.ts';
import { formatCount, formatPlural, formatSmall } from '../../../base/quantities.ts';
import { targetNames, targetOf } from '../../../convert/targets.ts';
import { requestOfFile } from '../../../generate/adapter-request.ts';
import type { AdapterInspection } from '../../../inspect/adapter-inspection.ts';
import { namesOf } from '../../../inspect/adapter-loaders.ts';
import { medianOf, type SiteReport } from '../../../inspect/adapter-sites.ts';
import { blockOf } from '../../../plan/site-groups.ts';
import { commandLine } from '../../shell/command-line.ts';
import { formatTable } from '../../words/table.ts';
import { describeOptions, type Finding } from './finding.ts';
import { tensorFacts } from './tensors-text.ts';

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

/** Characters of words that go into an example. */
const longestWord = 80;

/** Groups of sites with options of their own that are shown. */
const mostGroups = 6;

/** Method, sites, base, words, health, and where it will load. */
export function adapterFinding(found: AdapterInspection): Finding {
  const { adapters, words, training, statedStrengths, metadata } = found;
  const methods = [...new Set(adapters.map(({ method }) => method))];
  const base = 'name' in found.base ? found.base.name : found.fitsTitle;
  return {
    kind: 'adapter',
    title: `a ${methods.join(' + ')} adapter for ${base}`,
    facts: [
      ['format', formatTitles[found.format] ?? found.format],
      ...methodFacts(found),
      ['sites', sitesText(found)],
      ['parameters', formatCount(found.parameters)],
      ...fitFacts(found),
      ...(words.length === 0 ? [] : [['words', words.join(', ')] as const]),
      ...(training === undefined ? [] : [['training', describeOptions({ ...training })] as const]),
      ...statedStrengths.map((text) => ['stated strength', text] as const),
      ...telling.flatMap((key) => {
        const value = metadata[key];
        return value === undefined || value === '{}' ? [] : [[key, value] as const];
      }),
      ...tensorFacts(found.summary),
      ...loaderFacts(found),
    ],
    table: blockTable(found.bySite),
    details: detailsOf(found),
    next: nextSteps(found),
  };
}

/** For programs; the metadata of our own files is in the other fields. */
function detailsOf(found: AdapterInspection): Finding['details'] {
  const { kind: _, path: _path, warnings: _warnings, ...known } = found;
  const { fitsTitle: _title, sitesOfBase: _sites, statedStrengths: _stated, ...details } = known;
  return found.format === 'krona' ? { ...details, metadata: undefined } : details;
}

/** One line for every method, or for every group of sites with options of its own. */
function methodFacts({ adapters }: AdapterInspection): Finding['facts'] {
  const shown = adapters.slice(0, mostGroups).map(({ method, options, sites }) => {
    const described = describeOptions(options);
    const where = adapters.length > 1 ? `${formatPlural(sites, 'site')}: ` : '';
    return [method, `${where}${described === '' ? 'no options' : described}`] as const;
  });
  const more = adapters.length - shown.length;
  return more > 0 ? [...shown, ['', `and ${more} more groups of sites`]] : shown;
}

function sitesText({ sites, sitesOfBase, targets }: AdapterInspection): string {
  const chosen = targets === undefined ? '' : `, targets ${targets.join(', ')}`;
  return `${sites} of the base's ${sitesOfBase}${chosen}`;
}

/** The base that an adapter of ours fits, where it is another than that of its training. */
function fitFacts({ base, fits, fitsTitle }: AdapterInspection): Finding['facts'] {
  const isOther = 'name' in base && fits !== base.name;
  return isOther && fitsTitle !== undefined ? [['fits', fitsTitle]] : [];
}

function loaderFacts({ loads, exports }: AdapterInspection): Finding['facts'] {
  const obstacles = loads.flatMap(({ program, obstacle }) =>
    obstacle === undefined ? [] : [`${program}: ${obstacle}`],
  );
  const exported = exports.map(({ format, loaders }) => {
    const target = targetNames.find((name) => targetOf(name).writer === format) ?? format;
    return `convert --to ${target}: ${loaders.join(', ') || 'the code published with DiffuseKronA'}`;
  });
  return [
    ['loads in', ['krona', ...namesOf(loads)].join(', ')],
    ...(obstacles.length === 0 ? [] : [['not in', obstacles.join('\n')] as const]),
    ...(exported.length === 0 ? [] : [['after', exported.join('\n')] as const]),
  ];
}

function nextSteps(found: AdapterInspection): readonly string[] {
  const { path, format, fits, loads } = found;
  const base = format === 'krona' ? [] : ['--base', fits === 'pocket' ? 'pocket' : 'BASE'];
  const prompt = ['--prompt', `${subjectOf(found)} on the beach`, '--out', 'pictures'];
  const asLora = ['--to', 'kohya', '--as', 'lora', '--out', 'lora.safetensors'];
  return [
    `make pictures: ${commandLine('generate', '--adapter', requestOfFile(path), ...base, ...prompt)}`,
    ...(format === 'krona' || namesOf(loads).length > 0
      ? []
      : [`for other tools: ${commandLine('convert', path, ...asLora)}`]),
  ];
}

/** What a prompt calls the subject of the training: an example, where the file does not say it. */
function subjectOf({ training, words: [word] }: AdapterInspection): string {
  if (training?.subject !== undefined) return 'a {subject}';
  const isUsable = word !== undefined && word.length <= longestWord && !/[{}\p{Cc}]/u.test(word);
  if (!isUsable) return 'a sks dog';
  return /^(an?|the|photo|picture|image) /i.test(word) ? word : `a ${word}`;
}

/** Sites, parameters and median size by block. */
function blockTable(reports: readonly SiteReport[]): string {
  const rows = [...grouped(reports, ({ site }) => blockOf(site))].map(([block, own]) => [
    block,
    String(own.length),
    formatCount(own.reduce((sum, { parameters }) => sum + parameters, 0)),
    formatSmall(medianOf(own)),
  ]);
  const right = { align: 'right' } as const;
  return formatTable(
    [
      { title: 'block' },
      { title: 'sites', ...right },
      { title: 'parameters', ...right },
      { title: 'size (median)', ...right },
    ],
    rows,
  );
}
