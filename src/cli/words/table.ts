/** @file Text tables: aligned columns, two spaces apart. */
import { required } from '../../base/required.ts';

export interface Column {
  readonly title: string;
  /** @default 'left' */
  readonly align?: 'left' | 'right';
}

/** A header and rows, each ending in a line break; trailing spaces are dropped. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => required(line, i).length)));
  return lines
    .map((line) => {
      const cells = columns.map(({ align }, i) => {
        const cell = required(line, i);
        const width = required(widths, i);
        return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      });
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}

/** Facts as `name  value` lines, values aligned. */
export function formatFacts(facts: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(0, ...facts.map(([name]) => name.length));
  return facts
    .map(([name, value]) => {
      const indented = value.split('\n').join(`\n${' '.repeat(width + 2)}`);
      return `${name.padEnd(width)}  ${indented}\n`;
    })
    .join('');
}
