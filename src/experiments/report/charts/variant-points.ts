/** @file What charts are drawn of: a variant's mean on one measure with its interval, and the paper's number. */
import { formatCount } from '../../../base/quantities.ts';
import type { ResultVariant, SweepResults } from '../../sweep/run/results.ts';
import type { Measure } from '../../sweep/spec/spec.ts';
import { type PaperTable, rowBeside } from '../data/paper-table.ts';
import { summarizeVariant } from '../statistics/variant-summary.ts';
import { measureWords } from '../words/metric-words.ts';
import { score } from '../words/number-words.ts';

export interface VariantPoint {
  readonly variant: ResultVariant;
  readonly name: string;
  readonly mean: number;
  /** Bounds of the 95 % interval; the mean where there is none. */
  readonly low: number;
  readonly high: number;
  /** As the paper prints it. */
  readonly paper: number | undefined;
}

/** A chart of a report. */
export interface Chart {
  readonly title: string;
  /** What it shows, in words, for whoever does not see it. */
  readonly reading: string;
  /** A line under it, where it says more than the chart. */
  readonly caption?: string;
  readonly svg: string;
}

/** The variants that have the measure, in order. */
export function variantPoints(
  results: SweepResults,
  measure: Measure,
  paper: PaperTable | undefined,
): readonly VariantPoint[] {
  return results.variants.flatMap((variant, i) => {
    const summary = summarizeVariant(results, i, measure);
    if (summary === undefined) return [];
    const { mean, interval = { low: mean, high: mean } } = summary;
    const printed = paperValue(results, variant, measure, paper);
    return [{ variant, name: variant.name, mean, ...interval, paper: printed }];
  });
}

/** Only exact counts of parameters can stand beside ours. */
function paperValue(
  { spec }: SweepResults,
  variant: ResultVariant,
  measure: Measure,
  paper: PaperTable | undefined,
): number | undefined {
  if (paper === undefined) return undefined;
  const template = spec.cases?.find(({ name }) => name === variant.case)?.paper;
  const row = rowBeside(paper, variant, template);
  if (measure !== 'parameters') return row?.scores[measure]?.mean;
  return typeof row?.parameters === 'number' ? row.parameters : undefined;
}

/** A mean as its measure is printed. */
export function measured(measure: Measure, value: number): string {
  return measure === 'parameters' ? formatCount(value) : score(value);
}

/** `highest 0.712 (KronA), lowest 0.541 (LoRA)` */
export function extremes(
  measure: Measure,
  points: readonly { readonly name: string; readonly mean: number }[],
): string {
  const sorted = [...points].sort((a, b) => b.mean - a.mean);
  const [highest, lowest] = [sorted[0], sorted.at(-1)];
  if (highest === undefined || lowest === undefined) return 'no results yet';
  if (highest === lowest) return `${measured(measure, highest.mean)} (${highest.name})`;
  return `highest ${measured(measure, highest.mean)} (${highest.name}), lowest ${measured(measure, lowest.mean)} (${lowest.name})`;
}

/** The measure's name, with an arrow where one way is better. */
export function measureTitle(measure: Measure): string {
  const { label, better } = measureWords[measure];
  return { higher: `${label} ↑`, lower: `${label} ↓`, neutral: label }[better];
}

/** About how wide a line of text is in the reader's own typeface, in pixels. */
export function textWidth(text: string, fontSize: number): number {
  return Math.ceil(text.length * fontSize * 0.55);
}

/** Text of at most so many pixels: the middle left out, because ends tell variants apart. */
export function shortened(text: string, width: number, fontSize: number): string {
  const room = Math.floor(width / (fontSize * 0.55));
  if (text.length <= room) return text;
  const tail = Math.floor((room - 1) / 2);
  return `${text.slice(0, room - 1 - tail)}…${text.slice(text.length - tail)}`;
}

/** Bounds of an axis around values, with a little air. */
export function domainOf(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = high > low ? (high - low) * 0.06 : Math.max(Math.abs(high) * 0.05, 1e-6);
  return [low - air, high + air];
}
