/** @file A report's table as HTML, in a frame of its own that scrolls where it is wider than the page. */
import type { ReportCell, ReportColumn, ReportRow, ReportTable } from '../data/report-table.ts';
import { html, type Markup } from './markup.ts';

/** The table and its notes. */
export function tableMarkup({ columns, rows, notes }: ReportTable): Markup {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="table"><table>
<thead>${groupRow(columns)}<tr>${columns.map((column, i) => html`<th scope="col" class="${columnClass(columns, i)}">${column.title}</th>`)}</tr></thead>
<tbody>${rows.map((row) => rowMarkup(row, columns))}</tbody>
</table></div>
${notes.map((note) => html`<p class="notes">${note}</p>\n`)}`;
}

/** A row of headings over neighbouring columns, where there is any. */
function groupRow(columns: readonly ReportColumn[]): Markup | undefined {
  if (columns.every(({ group }) => group === undefined)) return undefined;
  const spans: { group: string | undefined; first: number; width: number }[] = [];
  for (const [first, { group }] of columns.entries()) {
    const last = spans.at(-1);
    if (last !== undefined && last.group === group) last.width += 1;
    else spans.push({ group, first, width: 1 });
  }
  return html`<tr class="groups">${spans.map(
    ({ group, first, width }) =>
      html`<th colspan="${width}" class="${columnClass(columns, first)}">${group}</th>`,
  )}</tr>`;
}

function rowMarkup({ cells, isContext }: ReportRow, columns: readonly ReportColumn[]): Markup {
  const [name, ...others] = cells;
  return html`<tr${isContext ? html` class="context"` : undefined}><th scope="row" class="left">${name?.text}</th>${others.map(
    (cell, i) => cellMarkup(cell, columnClass(columns, i + 1)),
  )}</tr>\n`;
}

function cellMarkup({ text, small = [] }: ReportCell, name: string): Markup {
  return html`<td class="${name}">${text}${small.map((line) => html`<small>${line}</small>`)}</td>`;
}

function columnClass(columns: readonly ReportColumn[], at: number): string {
  const column = columns[at];
  const before = columns[at - 1];
  return [
    column?.align === 'left' ? 'left' : '',
    column?.group === undefined ? '' : 'paper',
    before !== undefined && before.group !== column?.group ? 'group-start' : '',
  ]
    .filter((name) => name !== '')
    .join(' ');
}
