/** @file What an inspection finds, as people and as programs read it. */
import { formatFacts } from '../../words/table.ts';

export interface Finding {
  /** For programs: `adapter`, `run`, `model`, ... */
  readonly kind: string;
  /** One sentence. */
  readonly title: string;
  /** For people. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** For people, after the facts. */
  readonly table?: string;
  /** For programs. */
  readonly details: Readonly<Record<string, unknown>>;
  /** What to do with it. */
  readonly next?: readonly string[];
  /** What is wrong with it. */
  readonly warnings?: readonly string[];
}

/** A finding as text. */
export function findingText(path: string, finding: Finding): string {
  const { title, facts, table, next = [], warnings = [] } = finding;
  const parts = [
    `${path}: ${title}\n`,
    ...(facts.length > 0 ? [formatFacts(facts)] : []),
    ...(table === undefined ? [] : [table]),
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

/** `steps 300, seed 0` */
export function describeOptions(options: Readonly<Record<string, unknown>>): string {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined && !isEmpty(value))
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
