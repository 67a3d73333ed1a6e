import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fallbackViolations, programOf } from './typed-rules.ts';

const root = join(import.meta.dirname, '..');

test('no element of a list falls back to a value outside the loops over numbers', () => {
  expect(fallbackViolations(programOf(root), root)).toEqual([]);
});

test('fallbacks are noticed on lists, not on records, groups and optional lists', () => {
  const text = `
    export function a(list: readonly number[], pair: readonly [number, number], text: string) {
      const numbers = new Float32Array(2);
      const record: Record<string, number> = {};
      const fine = [record[text] ?? 0, /(a)/.exec(text)?.[1] ?? '', (pair as typeof pair | undefined)?.[0] ?? 1];
      return [list[2] ?? 0, (list.at(-1)) ?? 1, numbers[3] ?? 0, fine];
    }`;
  const files = ['src/graph/a.ts', 'src/optim/a.ts'].map(
    (path) => [join(root, path), text] as const,
  );
  const found = fallbackViolations(programOf(root, new Map(files)), root);
  expect(found.map((line) => line.split(' hides')[0])).toEqual([
    'src/graph/a.ts:6: "list[2] ?? 0"',
    'src/graph/a.ts:6: "(list.at(-1)) ?? 1"',
    'src/graph/a.ts:6: "numbers[3] ?? 0"',
    'src/optim/a.ts:6: "list[2] ?? 0"',
    'src/optim/a.ts:6: "(list.at(-1)) ?? 1"',
  ]);
});
