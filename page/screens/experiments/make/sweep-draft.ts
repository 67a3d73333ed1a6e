/** @file An experiment as it is put together in the form, and the file that says the same. */

/** A setting that takes several values. */
export interface Varied {
  /** `train.learningRate`, `adapter.rank`, `draw.guidance`, `shots`. */
  readonly path: string;
  readonly values: readonly Value[];
}
export type Value = string | number | boolean;

export interface DraftSubject {
  /** Of its data set. */
  readonly dataset: string;
  readonly className: string | undefined;
}

export interface SweepDraft {
  readonly title: string;
  readonly base: string;
  readonly subjects: readonly DraftSubject[];
  readonly methods: readonly string[];
  /** Options of the method, where there is one alone. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Settings that all have. */
  readonly train: Readonly<Record<string, unknown>>;
  readonly varied: readonly Varied[];
  readonly seeds: number;
  /** The first so many of the benchmark's. */
  readonly prompts: number;
  /** Pictures of each prompt. */
  readonly pictures: number;
}

export const bundledStart = 'pocket-';

export const firstDraft: SweepDraft = {
  ...{ title: '', base: 'pocket', methods: ['krona'], options: {}, varied: [] },
  subjects: [{ dataset: `${bundledStart}teapot`, className: 'teapot' }],
  train: { steps: 300 },
  ...{ seeds: 1, prompts: 8, pictures: 2 },
};

/** The file. @param untitled its title where none is typed */
export function draftText(draft: SweepDraft, untitled: string): string {
  const { base, methods, options, train, varied, seeds, prompts, pictures } = draft;
  const [method] = methods;
  const isOne = methods.length === 1 && method !== undefined;
  const ofMethod = {
    adapter: method,
    ...(Object.keys(options).length > 0 ? { adapterOptions: options } : {}),
  };
  const vary = varied.filter(({ values }) => values.length > 0);
  return [
    `title: ${scalar(draft.title.trim() || untitled)}`,
    `base: ${scalar(base)}`,
    ...subjectLines(draft.subjects),
    `prompts: ${prompts}`,
    `seeds: ${flow(Array.from({ length: seeds }, (_, n) => n))}`,
    `train: ${flow({ ...train, ...(isOne ? ofMethod : {}) })}`,
    `draw: ${flow({ count: pictures })}`,
    ...(isOne ? [] : ['cases:', ...methods.map(caseLine)]),
    ...(vary.length === 0 ? [] : ['vary:']),
    ...vary.map(({ path, values }) => `  ${path}: ${flow(values)}`),
    'show:',
    '  - { kind: table }',
    ...curves(vary),
    '  - { kind: pictures }',
    '',
  ].join('\n');
}

function caseLine(method: string): string {
  return `  - ${flow({ name: method, train: { adapter: method } })}`;
}

/** Bundled ones by their names, others by their data sets. */
function subjectLines(subjects: readonly DraftSubject[]): readonly string[] {
  const isBundled = ({ dataset }: DraftSubject) => dataset.startsWith(bundledStart);
  if (subjects.every(isBundled)) {
    const names = subjects.map(({ dataset }) => dataset.slice(bundledStart.length));
    return ['benchmark: pocket', `subjects: ${flow(names)}`];
  }
  return [
    'benchmark:',
    ...subjects.map(({ dataset, className }) => {
      const ofClass = className === undefined ? {} : { class: className };
      return `  - ${flow({ images: `dataset:${dataset}`, ...ofClass })}`;
    }),
  ];
}

/** A curve over each number that varies. */
function curves(varied: readonly Varied[]): readonly string[] {
  return varied
    .filter(({ values }) => values.length > 1 && values.every((value) => typeof value === 'number'))
    .map(({ path }) => `  - { kind: curve, x: ${path} }`);
}

/** A value on one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return scalar(value);
  const entries = Object.entries(value).map(([key, each]) => `${key}: ${flow(each)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

const reserved = /^(true|false|null|yes|no|on|off|y|n)$/i;

function scalar(value: unknown): string {
  const isPlain =
    typeof value === 'string' &&
    /^[A-Za-z][\w ./?()-]*$/.test(value) &&
    !reserved.test(value) &&
    value === value.trim();
  return isPlain ? value : JSON.stringify(value);
}

/** What somebody types as a value: a number, yes or no, or a word. */
export function typedValue(typed: string): Value | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text.replace(',', '.'));
  return Number.isFinite(number) ? number : text;
}

/** Settings of a training that another one would share. */
const shared = ['steps', 'learningRate', 'batchSize', 'resolution', 'optimizer', 'schedule'];

/** The draft that begins where a run is. */
export function draftOfRun(
  title: string,
  settings: Readonly<Record<string, unknown>>,
  subjects: readonly DraftSubject[],
): SweepDraft {
  const { base, adapter, adapterOptions } = settings;
  const own = shared.filter((key) => settings[key] !== undefined && settings[key] !== null);
  return {
    ...firstDraft,
    title,
    base: typeof base === 'string' ? base : 'pocket',
    methods: [typeof adapter === 'string' ? adapter : 'krona'],
    options:
      typeof adapterOptions === 'object' && adapterOptions !== null ? { ...adapterOptions } : {},
    subjects: subjects.length > 0 ? subjects : firstDraft.subjects,
    train: Object.fromEntries(own.map((key) => [key, settings[key]])),
  };
}
