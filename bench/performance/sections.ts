/** @file The parts of docs/performance.md as tables, each with where and when it was measured. */
import { median } from '../../src/base/numbers/median.ts';
import {
  formatBytes,
  formatCount,
  formatOperations,
  formatShare,
} from '../../src/base/quantities.ts';
import { markdownTable } from '../../src/experiments/report/markdown/markdown-text.ts';
import {
  type Curve,
  type CurveName,
  curveNames,
  type Measurements,
  type Pair,
  partNames,
  type Setup,
} from './measurements.ts';
import { memoryWords, ratioOf, ratioWords, secondsWords } from './ratios.ts';

/** The image of a figure in Markdown, where there is that figure. */
type Figure = (name: string) => string | undefined;

const notMeasured = 'Not measured yet.';

/** By the names of page.md. */
export function sections(found: Measurements, figure: Figure): ReadonlyMap<string, string> {
  const { step, draw, start } = found;
  const tables = [
    ['step', step && stepSection(step)],
    ['draw', draw && drawSection(draw)],
    ['start', start && startSection(start)],
    ...curveNames.map(
      (name) => [name, found[name] && curveSection(name, found[name], figure)] as const,
    ),
  ] as const;
  const common = setupWords(partNames.flatMap((name) => found[name]?.setup ?? [])[0]);
  const texts = tables.map(([name, text]) => {
    // Said once, and again only of a part that was measured elsewhere or another day.
    const own = setupWords(found[name]?.setup);
    const parts = [text ?? notMeasured, ...(own === common || text === undefined ? [] : [own])];
    return [name, parts.join('\n\n')] as const;
  });
  return new Map<string, string>([['setup', common], ...texts]);
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = titles.map((text, i) => ({ text, right: i > 0 }));
  return markdownTable(columns, rows);
}

/** Where and when. */
function setupWords(setup: Setup | undefined): string {
  if (setup === undefined) return notMeasured;
  const { base, processor, threads, memoryBytes, node, onnxruntime, commit, date } = setup;
  return `Measured: ${base}; ${processor}, ${threads} threads, ${formatBytes(memoryBytes)}; Node ${node}, ONNX Runtime ${onnxruntime}, commit ${commit}, ${date}.`;
}

/** One row: what, both sides, the ratio. */
function comparedRow(name: string, pairs: readonly Pair[]): readonly string[] {
  const ratio = pairs.length < 2 ? ratioOf(pairs).middle.toFixed(2) : ratioWords(pairs);
  return [name, secondsWords(pairs, 'own'), secondsWords(pairs, 'other'), ratio];
}

function memoryRow(own: number | null, other: number | null): readonly string[] {
  const ratio = own === null || other === null ? '–' : (own / other).toFixed(2);
  return ['peak memory', memoryWords(own), memoryWords(other), ratio];
}

function stepSection(step: NonNullable<Measurements['step']>): string {
  const rows = step.compared.flatMap(({ precision, pairs, peakBytes: { own, other } }) => [
    comparedRow(`a step, PyTorch in ${precision}`, pairs),
    memoryRow(own, other),
  ]);
  const first = step.compared[0]?.pairs ?? [];
  const rate = step.flops / (median(first.map(({ own }) => own)) ?? Number.NaN);
  const tried = Object.entries(step.tried).map(([name, seconds]) => [
    `\`${name}\``,
    `${seconds.toPrecision(3)} s`,
  ]);
  const fastest = step.compared.map(
    ({ precision, rendering }) => `in ${precision} \`${rendering}\``,
  );
  return [
    table(['', 'diffusekrona', 'PyTorch', 'ratio (range)'], rows),
    `${step.resolution} pixels, batch 1. PyTorch ${step.version}, ${fastest.join(', ')}. Ours does ${formatOperations(step.flops)} a step at ${(rate / 1e9).toFixed(0)} GFLOP/s, ${formatShare(rate / step.productRate)} of the rate of one large product.`,
    'One step of every rendering, after one that warmed up:',
    table(['rendering in PyTorch', 'a step'], tried),
  ].join('\n\n');
}

function drawSection(draw: NonNullable<Measurements['draw']>): string {
  const { own, other } = draw.peakBytes;
  const tried = Object.entries(draw.tried).map(([name, { step, decoding }]) => [
    name === '' ? 'as it is' : `\`${name}\``,
    `${step.toPrecision(3)} s`,
    `${decoding.toPrecision(3)} s`,
  ]);
  return [
    table(
      ['', 'diffusekrona', 'stable-diffusion.cpp', 'ratio (range)'],
      [
        comparedRow('a step of sampling with guidance', draw.step),
        comparedRow('decoding', draw.decoding),
        comparedRow(`the whole command, ${draw.steps} steps`, draw.whole),
        memoryRow(own, other),
      ],
    ),
    `${draw.resolution} pixels, Euler ancestral. stable-diffusion.cpp ${draw.version}${draw.rendering === '' ? '' : `, \`${draw.rendering}\``}.`,
    'What was tried of it:',
    table(['flags', 'a step', 'decoding'], tried),
  ].join('\n\n');
}

/** What the names of phases mean. */
const phaseWords: Readonly<Record<string, string>> = {
  opening: 'opening: Node, reading the base, tracing the step, looking at the pictures',
  compiling: 'opening the session of the step',
  'step 1': 'the first step, which pages the weights in',
  'step 2': 'beside it, a later step',
};

function startSection({
  resolution,
  pictures,
  phases,
  opening,
}: NonNullable<Measurements['start']>) {
  const middle = (seconds: readonly number[]) => median(seconds) ?? Number.NaN;
  const before = phases.filter(({ name }) => name !== 'step 2');
  const total = before.reduce((sum, { seconds }) => sum + middle(seconds), 0);
  const rowOf = ({ name, seconds }: (typeof phases)[number]) => [
    phaseWords[name] ?? name,
    `${middle(seconds).toFixed(1)} s`,
  ];
  const rows = phases.map(rowOf);
  return [
    table(
      ['', 'median'],
      [...rows, ['from the command to the end of the first step', `${total.toFixed(1)} s`]],
    ),
    `${pictures} pictures, ${resolution} pixels, nothing encoded before, its file in the system's cache.`,
    'Of the opening, in a process of its own:',
    table(['', 'median'], opening.map(rowOf)),
  ].join('\n\n');
}

const firstColumn: Readonly<Record<CurveName, string>> = {
  batch: 'batch',
  tokens: 'side',
  sites: 'targets',
  factors: 'a1, a2',
  memory: 'step in',
};

function curveSection(name: CurveName, { resolution, points }: Curve, figure: Figure) {
  const rows = points.map((point, i) => [
    point.name,
    ...(name === 'sites' ? [formatCount(point.x)] : []),
    ...(name === 'sites' || name === 'factors' ? [formatCount(point.parameters)] : []),
    formatOperations(point.flops),
    secondsWords(point.pairs, 'own'),
    i === 0 ? '1' : ratioWords(point.pairs),
    memoryWords(point.peakBytes),
  ]);
  const titles = [
    firstColumn[name],
    ...(name === 'sites' ? ['sites'] : []),
    ...(name === 'sites' || name === 'factors' ? ['parameters'] : []),
    'operations',
    'a step',
    'ratio (range)',
    'peak memory',
  ];
  const figures = [figure(`${name}-time`), figure(`${name}-memory`)].filter((each) => each);
  return [
    table(titles, rows),
    ...(name === 'tokens'
      ? []
      : [`${resolution} pixels, batch ${name === 'batch' ? 'as it says' : 1}.`]),
    ...(figures.length === 0 ? [] : [figures.join(' ')]),
  ].join('\n\n');
}
