/** @file An evaluation as people read it. */

import { formatPlural } from '../../base/quantities.ts';
import type { Evaluation } from '../../experiments/evaluate/evaluation.ts';
import type { Interval } from '../../metrics/bootstrap.ts';
import { mean } from '../../metrics/cosine.ts';
import { type Means, type Metric, metrics } from '../../metrics/summary.ts';
import { type Column, formatFacts, formatTable } from './table.ts';

/** What each metric is called, and what it tells. */
const meanings: Readonly<Record<Metric, readonly [name: string, meaning: string]>> = {
  clipI: ['CLIP-I', 'subject: like its real pictures'],
  dino: ['DINO', 'subject: like its real pictures'],
  clipT: ['CLIP-T', 'prompt, with the class word'],
  clipTTyped: ['CLIP-T typed', 'prompt, as typed'],
  nearestClip: ['copy CLIP', 'nearest real picture; 1 is a copy'],
  nearestDino: ['copy DINO', 'nearest real picture; 1 is a copy'],
  diversityClip: ['spread CLIP', 'distance between pictures of one prompt'],
  diversityDino: ['spread DINO', 'distance between pictures of one prompt'],
};

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
  const columns = perRow.map((metric) => right(meanings[metric][0]));
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
    const [name, meaning] = meanings[metric];
    const limit = metric === 'clipI' || metric === 'dino' ? ofReal[metric] : undefined;
    return [
      [
        name,
        formatScore(found.mean),
        formatScore(found.deviation),
        formatInterval(found.interval),
        formatScore(limit),
        meaning,
      ],
    ];
  });
  const drift = driftSummary && [
    driftRow('drift CLIP', driftSummary.clip, driftSummary.clipInterval),
    driftRow('drift DINO', driftSummary.dino, driftSummary.dinoInterval),
  ];
  const titles = ['mean', 'std', '95 %', 'real'].map(right);
  return formatTable([{ title: 'overall' }, ...titles, { title: '' }], [...rows, ...(drift ?? [])]);
}

function driftRow(name: string, value: number, interval: Interval | undefined) {
  const meaning = 'unrelated prompts with and without the adapter; 1 is unchanged';
  return [name, formatScore(value), '', formatInterval(interval), '', meaning];
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
