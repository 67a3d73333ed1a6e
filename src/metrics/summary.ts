/** @file Means, standard deviations and confidence intervals of an evaluation's rows. */
import { deviation, mean } from './cosine.ts';
import { type Interval, meanInterval } from './mean-interval.ts';
import type { PictureScores, PromptDiversity } from './score-subject.ts';

/** What a picture or a prompt is scored by. */
export const metrics = [
  'clipI',
  'dino',
  'clipT',
  'clipTTyped',
  'clipTScene',
  'nearestClip',
  'nearestDino',
  'diversityClip',
  'diversityDino',
  'contrast',
  'saturation',
  'hueDistance',
  'colourDistance',
  'highFrequency',
] as const;
export type Metric = (typeof metrics)[number];

/** A metric over everything. */
export interface MetricSummary {
  readonly mean: number;
  /** Between the subjects' means; undefined of one subject. */
  readonly deviation: number | undefined;
  /** 95 % interval of the mean, over subjects, or over the prompts of a single one. */
  readonly interval: Interval | undefined;
}

/** Means by metric; one that has no value is left out. */
export type Means = Readonly<Partial<Record<Metric, number>>>;

export interface Summary {
  readonly overall: Readonly<Partial<Record<Metric, MetricSummary>>>;
  readonly subjects: readonly (Means & { readonly subject: string })[];
  readonly prompts: readonly (Means & { readonly subject: string; readonly prompt: string })[];
}

/** Rows to summarise. */
export interface ScoreRows {
  readonly pictures: readonly PictureScores[];
  readonly prompts: readonly PromptDiversity[];
}

/**
 * Summarises rows: pictures count alike within a prompt, prompts within a subject, subjects within the whole. With equal
 * numbers of each, as the protocol has them, that is the mean over all pairs.
 * Intervals are of subjects (or of prompts): pictures of one are not independent.
 */
export function summarize(rows: ScoreRows): Summary {
  const prompts = meansByPrompt(rows);
  const names = [...new Set(prompts.map(({ subject }) => subject))];
  const subjects = names.map((subject) => ({
    subject,
    ...meansOf(prompts.filter((prompt) => prompt.subject === subject)),
  }));
  const independent = subjects.length > 1 ? subjects : prompts;
  const overall = metrics.flatMap((metric) => {
    const ofSubjects = valuesOf(subjects, metric);
    if (ofSubjects.length === 0) return [];
    const summary = {
      mean: mean(ofSubjects),
      deviation: deviation(ofSubjects),
      interval: meanInterval(valuesOf(independent, metric)),
    };
    return [[metric, summary] as const];
  });
  return { overall: Object.fromEntries(overall), subjects, prompts };
}

/** Means over the pictures of every prompt. */
export function meansByPrompt(rows: ScoreRows): Summary['prompts'] {
  return rows.prompts.map((row) => {
    const { subject, prompt } = row;
    const pictures = rows.pictures.filter(
      (picture) => picture.subject === subject && picture.prompt === prompt,
    );
    return { subject, prompt, ...meansOf([...pictures, row]) };
  });
}

type Scored = Readonly<Partial<Record<Metric, number | undefined>>>;

function meansOf(rows: readonly Scored[]): Means {
  return Object.fromEntries(
    metrics.flatMap((metric) => {
      const values = valuesOf(rows, metric);
      return values.length === 0 ? [] : [[metric, mean(values)]];
    }),
  );
}

function valuesOf(rows: readonly Scored[], metric: Metric): number[] {
  return rows.flatMap((row) => row[metric] ?? []);
}
