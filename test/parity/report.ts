/** @file From checks to the rows of a table: one per fixture and group of tensors. */
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Check } from './check.ts';
import { checkFixture, parseDescription } from './kinds.ts';
import { judged } from './known-gaps.ts';

/** Checks of one group of a fixture, with the one nearest to or farthest beyond its tolerance. */
export interface Row {
  readonly fixture: string;
  readonly group: string;
  readonly tensors: number;
  readonly worst: Check;
}

/** Checks a fixture by its JSON file; what goes wrong on the way is a failed row. */
export async function checkFixtureFile(path: string): Promise<Row[]> {
  const folder = dirname(path);
  try {
    const json: unknown = JSON.parse(await readFile(path, 'utf8'));
    const checks = await checkFixture(folder, json);
    if (checks.length === 0) return [failedRow(folder, 'nothing was compared')];
    const name = parseDescription(json).name ?? basename(folder);
    const counted = checks.map((check) => judged(name, check));
    return toRows(name, counted);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [failedRow(folder, message.replaceAll(/\s+/g, ' '))];
  }
}

function failedRow(folder: string, note: string): Row {
  const [error, tolerance] = [Number.NaN, Number.NaN];
  const worst: Check = { tensor: 'all', error, tolerance, status: 'failed', note };
  return { fixture: basename(folder), group: 'all', tensors: 0, worst };
}

function toRows(fixture: string, checks: readonly Check[]): Row[] {
  const groups = new Map<string, Check[]>();
  for (const check of checks) {
    const supported = check.status !== 'unsupported';
    const key = JSON.stringify([supported, check.group ?? groupOf(check, supported)]);
    groups.set(key, [...(groups.get(key) ?? []), check]);
  }
  return [...groups.values()].flatMap((members) => {
    const [first, ...others] = members;
    if (first === undefined) return [];
    const worst = others.reduce((a, b) => (severity(b) > severity(a) ? b : a), first);
    const group = first.group ?? groupOf(first, first.status !== 'unsupported');
    return [{ fixture, group, tensors: members.length, worst }];
  });
}

/** `grad_full` of "grad_full/conv_in.bias", `randn` of "randn.seed0.7"; what is not supported goes by its reason. */
function groupOf({ tensor, note }: Check, supported: boolean): string {
  const group = tensor.split(tensor.includes('/') ? '/' : '.')[0] ?? tensor;
  return supported ? group : (note ?? group);
}

/** How far an error goes beyond its tolerance; a failed check outweighs any that is ok. */
function severity({ error, tolerance, status }: Check): number {
  const ratio = tolerance === 0 ? error : error / tolerance;
  const comparable = Number.isNaN(ratio) ? Number.MAX_VALUE : ratio;
  return status === 'failed' ? 1 + comparable : Math.min(1, comparable);
}

const widths = { fixture: 19, group: 27, tensors: 7, error: 11, tolerance: 11 };

export const tableHead = [
  'fixture'.padEnd(widths.fixture),
  'group'.padEnd(widths.group),
  'tensors'.padStart(widths.tensors),
  'worst error'.padStart(widths.error),
  'tolerance'.padStart(widths.tolerance),
  'result',
].join('  ');

/** One line; a failed row names its worst tensor, one without a check the reason. */
export function formatRow({ fixture, group, tensors, worst }: Row): string {
  const supported = worst.status !== 'unsupported';
  const cells = [
    fixture.padEnd(widths.fixture),
    (supported ? group : '').padEnd(widths.group),
    String(tensors).padStart(widths.tensors),
    formatNumber(worst.error).padStart(widths.error),
    formatNumber(worst.tolerance).padStart(widths.tolerance),
    resultOf(worst),
  ];
  return cells.join('  ');
}

function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '-';
  if (Number.isInteger(value)) return String(value);
  return value >= 0.01 ? value.toPrecision(2) : value.toExponential(1);
}

function resultOf({ status, tensor, note }: Check): string {
  const because = note === undefined ? '' : `: ${note}`;
  switch (status) {
    case 'ok':
      return 'ok';
    case 'failed':
      return `FAILED at ${tensor}${because}`;
    case 'unsupported':
      return `known gap${because}`;
    default:
      return status satisfies never;
  }
}
