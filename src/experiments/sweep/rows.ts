/** @file Tidy rows of a sweep: a line for each variant, subject, seed and prompt, a column for each thing known of it. */

import type { CollectedResults } from './collect.ts';
import { measures } from './spec.ts';

/** Scores as CSV (RFC 4180), a header first. Without times, so that the same sweep gives the same bytes. */
export function tidyRows({ variants, subjects, cells }: CollectedResults): string {
  const factors = [...new Set(variants.flatMap((variant) => Object.keys(variant.factors)))];
  const scored = measures.filter((measure) => measure !== 'parameters');
  const lines = [
    ['variant', ...factors, 'parameters', 'subject', 'type', 'seed', 'prompt', ...scored],
  ];
  for (const { variant: index, subject: name, seed, prompts, drift } of cells) {
    const variant = variants[index];
    const subject = subjects.find((each) => each.name === name);
    if (variant === undefined || subject === undefined) continue;
    for (const [i, scores] of prompts.entries()) {
      const { template = '' } = subject.prompts[i] ?? {};
      const all: Readonly<Record<string, number>> = { ...scores, ...drift };
      lines.push([
        variant.name,
        ...factors.map((path) => String(variant.factors[path] ?? '')),
        String(variant.parameters ?? ''),
        ...[name, subject.type, String(seed), template],
        ...scored.map((measure) => String(all[measure] ?? '')),
      ]);
    }
  }
  return lines.map((line) => `${line.map(field).join(',')}\n`).join('');
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
