/** @file Tidy rows of a sweep: a line for each variant, subject, seed and prompt, a column for each thing known of it. */
import { required } from '../../../base/required.ts';
import { measures } from '../spec/spec.ts';
import type { CollectedResults } from './collect.ts';
import type { ResultVariant } from './results.ts';

const scored = measures.filter((measure) => measure !== 'parameters');

/**
 * Scores as CSV (RFC 4180), a header first; counts alone where nothing was drawn. Without times, so that the same sweep
 * gives the same bytes.
 */
export function tidyRows({ variants, subjects, cells }: CollectedResults): string {
  const factors = [...new Set(variants.flatMap((variant) => Object.keys(variant.factors)))];
  const ofVariant = ({ name, factors: own, parameters }: ResultVariant) => [
    ...[name, ...factors.map((path) => String(own[path] ?? ''))],
    String(parameters ?? ''),
  ];
  const header = ['variant', ...factors, 'parameters'];
  if (subjects.length === 0) return csv([header, ...variants.map(ofVariant)]);
  const lines = [[...header, 'subject', 'type', 'seed', 'prompt', ...scored]];
  for (const { variant: index, subject: name, seed, prompts, drift } of cells) {
    const variant = variants[index];
    const subject = subjects.find((each) => each.name === name);
    if (variant === undefined || subject === undefined) continue;
    for (const [i, scores] of prompts.entries()) {
      const { template } = required(subject.prompts, i);
      const all: Readonly<Record<string, number>> = { ...scores, ...drift };
      lines.push([
        ...ofVariant(variant),
        ...[name, subject.type, String(seed), template],
        ...scored.map((measure) => String(all[measure] ?? '')),
      ]);
    }
  }
  return csv(lines);
}

function csv(lines: readonly (readonly string[])[]): string {
  return lines.map((line) => `${line.map(field).join(',')}\n`).join('');
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
