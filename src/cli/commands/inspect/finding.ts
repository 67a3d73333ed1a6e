/** @file What an inspection found, as people and as programs read it. */
import type { Inspection } from '../../../inspect/inspection.ts';
import { readable } from '../../shell/printable.ts';
import { withFlags } from '../../shell/setting-words.ts';
import { formatFacts } from '../../words/table.ts';

/** An inspection in words. */
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
}

/** As text. */
export function findingText(
  found: Inspection,
  { title, facts, table, next = [] }: Finding,
): string {
  const parts = [
    `${found.path}: ${title}\n`,
    ...(facts.length > 0 ? [formatFacts(facts)] : []),
    ...(table === undefined ? [] : [table]),
    ...warningsOf(found).map((warning) => `warning: ${warning}\n`),
    ...(next.length > 0 ? [next.map((line) => `${line}\n`).join('')] : []),
  ];
  return readable(parts.join('\n'));
}

/** For programs. */
export function findingValue(found: Inspection, { kind, title, details }: Finding) {
  return { path: found.path, kind, title, ...details, warnings: warningsOf(found) };
}

function warningsOf({ warnings }: Inspection): readonly string[] {
  return warnings.map((warning) => withFlags(warning, new Set(['base'])));
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
