/** @file What an inspection finds, as people and as programs read it. */
import { formatFacts } from '../table.ts';

export interface Finding {
  /** For programs: `adapter`, `run`, `model`, ... */
  readonly kind: string;
  /** One sentence. */
  readonly title: string;
  /** For people. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** For programs. */
  readonly details: Readonly<Record<string, unknown>>;
  /** What to do with it. */
  readonly next?: readonly string[];
  /** What is wrong with it. */
  readonly warnings?: readonly string[];
}

/** A finding as text. */
export function findingText(path: string, finding: Finding): string {
  const { title, facts, next = [], warnings = [] } = finding;
  const parts = [
    `${path}: ${title}\n`,
    ...(facts.length > 0 ? [formatFacts(facts)] : []),
    ...warnings.map((warning) => `warning: ${warning}\n`),
    ...(next.length > 0 ? [next.map((line) => `${line}\n`).join('')] : []),
  ];
  return parts.join('\n');
}

/** A finding as JSON. */
export function findingJson(path: string, finding: Finding): string {
  const { kind, title, details, warnings = [] } = finding;
  return `${JSON.stringify({ path, kind, title, ...details, warnings }, undefined, 2)}\n`;
}
