/** @file An evaluation as people read it. */
import { formatPlural } from '../../base/quantities.ts';
import type { Evaluation } from '../../experiments/evaluate/evaluation.ts';
import { measureWords } from '../../experiments/report/words/metric-words.ts';
import { mean } from '../../metrics/cosine.ts';
import type { Interval } from '../../metrics/mean-interval.ts';
import { type Means, type Metric, metrics } from '../../metrics/summary.ts';
import { type Column, formatFacts, formatTable } from './table.ts';

/** Columns of the table by prompt or subject. */
const perRow: readonly Metric[] = ['clipI', 'dino', 'clipT', 'clipTTyped', 'diversityDino'];

const right = (title: string): Column => ({ title, align: 'right' });

/** Scores by prompt, or by subject where there are several, and over all. */
export function formatEvaluation(evaluation: Evaluation): string {
  const { summary, pictures, encoders } = evaluation;
  const several = summary.subjects.length > 1;
  const rows = several
    ? summary.subjects.map((row) => cells(row.subject, row))
    : summary.prompts.map((row) => cells(row.prompt, row));
  const columns = perRow.map((metric) => right(measureWords[metric].label));
  const about = formatFacts([
    [
      'pictures',
      `${pictures.length}: ${formatPlural(summary.subjects.length, 'subject')}, ${formatPlural(summary.prompts.length, 'prompt')} in all`,
    ],
    ['encoders', `CLIP ${encoders.clip}, DINO ${encoders.dino}`],
  ]);
  const table = formatTable([{ title: several ? 'subject' : 'prompt' }, ...columns], rows);
  return `${about}\n${table}\n${formatOverall(evaluation)}\n`;
}

function cells(name: string, row: Means): readonly string[] {
  return [name, ...perRow.map((metric) => formatScore(row[metric]))];
}

function formatOverall({ summary, real, driftSummary }: Evaluation): string {
  const ofReal = { clipI: average(real, 'clipI'), dino: average(real, 'dino') };
  const rows = metrics.flatMap((metric) => {
    const found = summary.overall[metric];
    if (found === undefined) return [];
    const { label, about } = measureWords[metric];
    const limit = metric === 'clipI' || metric === 'dino' ? ofReal[metric] : undefined;
    return [
      [
        label,
        formatScore(found.mean),
        formatScore(found.deviation),
        formatInterval(found.interval),
        formatScore(limit),
        about,
      ],
    ];
  });
  const drift = driftSummary && [
    driftRow('driftClip', driftSummary.clip, driftSummary.clipInterval),
    driftRow('driftDino', driftSummary.dino, driftSummary.dinoInterval),
  ];
  const titles = ['mean', 'std', '95 %', 'real'].map(right);
  return formatTable([{ title: 'overall' }, ...titles, { title: '' }], [...rows, ...(drift ?? [])]);
}

function driftRow(
  measure: 'driftClip' | 'driftDino',
  value: number,
  interval: Interval | undefined,
) {
  const { label, about } = measureWords[measure];
  return [label, formatScore(value), '', formatInterval(interval), '', about];
}

function average(rows: Evaluation['real'], metric: 'clipI' | 'dino'): number | undefined {
  const values = rows.flatMap((row) => row[metric] ?? []);
  return values.length === 0 ? undefined : mean(values);
}

function formatScore(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(3);
}

function formatInterval(interval: Interval | undefined): string {
  return interval === undefined
    ? ''
    : `${formatScore(interval.low)}..${formatScore(interval.high)}`;
}
