/** @file Text, tables and folds in GitHub's Markdown. */
import type { ReportTable } from '../data/report-table.ts';

/** Text without a meaning in Markdown, on one line. */
export function plain(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|]/g, '\\$&').replaceAll(/\s+/g, ' ');
}

/** For the text of an image, between brackets. */
export function imageLink(text: string, path: string): string {
  return `![${plain(text)}](${encodeURI(path)})`;
}

/** Rows under a heading row; the first column is left, others right where `right` says so. */
export function markdownTable(
  titles: readonly { readonly text: string; readonly right?: boolean }[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(titles.map(({ text }) => plain(text))),
    line(titles.map(({ right }) => (right ? '---:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}

/** A report's table and its notes. */
export function reportTableText({ columns, rows, notes }: ReportTable): string {
  const titles = columns.map(({ title, group, align }) => ({
    text: group === undefined ? title : `${title}, ${group}`,
    right: align !== 'left',
  }));
  const cells = rows.map((row) =>
    row.cells.map(({ text, small = [] }) => [text, ...small].map(plain).join('<br>')),
  );
  return [markdownTable(titles, cells), ...notes.map(plain)].join('\n\n');
}

/** Hidden until asked for. */
export function fold(heading: string, text: string): string {
  return `<details>\n<summary>${plain(heading)}</summary>\n\n${text}\n\n</details>`;
}
