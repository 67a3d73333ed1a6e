/** @file Keys: hashes of what decides a result, so that equal work is found whoever asked for it. */
import { createHash } from '../../../platform/hashes.ts';

/** Raised where the same settings would give other results than before. */
const protocol = 1;

/** Hash of a value: 24 hexadecimal digits. The order of an object's keys does not matter, undefined ones are left out. */
export function keyOf(value: unknown): string {
  const text = JSON.stringify([protocol, value], sorted);
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

function sorted(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
