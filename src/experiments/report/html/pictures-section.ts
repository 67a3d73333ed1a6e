/** @file Grids of pictures as HTML; behind every picture is what made it. */
import { toBase64 } from '../base64.ts';
import type { PictureGrid, PictureRow, ShownPicture } from '../picture-grids.ts';
import type { Fact } from '../words/settings-in-words.ts';
import { html, type Markup } from './markup.ts';

/** Up to this size a picture is shown with its pixels as squares. */
const pixelArt = 96;

/** The grids side by side where there is room. */
export function gridsMarkup(
  grids: readonly PictureGrid[],
  settingsId: (variant: number) => string,
): Markup {
  return html`<div class="grids">${grids.map((grid) => gridMarkup(grid, settingsId))}</div>
<p class="notes">A tap or click on a picture shows it large, with its prompt, seeds, scores and all settings; the arrow keys go on to the next.</p>`;
}

function gridMarkup(grid: PictureGrid, settingsId: (variant: number) => string): Markup {
  const { title, columns, rows } = grid;
  const across = Math.max(columns.length, ...rows.map(({ cells }) => cells.length), 1);
  const [real, ...drawn] = rows;
  return html`<div class="grid scroll"><h4>${title}</h4><table>
${real && html`<tbody>${rowMarkup(real, across, settingsId)}</tbody>`}
<tbody><tr>${columns.map((column) => html`<th scope="col" class="prompt">${column}</th>`)}</tr></tbody>
${drawn.map((row) => html`<tbody>${rowMarkup(row, across, settingsId)}</tbody>`)}
</table></div>`;
}

function rowMarkup(
  { label, cells }: PictureRow,
  across: number,
  settingsId: (variant: number) => string,
): Markup {
  return html`<tr><th class="label" colspan="${across}" scope="rowgroup">${label}</th></tr>
<tr>${cells.map((pictures) => html`<td>${pictures.map((picture) => pictureMarkup(picture, settingsId))}</td>`)}</tr>`;
}

function pictureMarkup(picture: ShownPicture, settingsId: (variant: number) => string): Markup {
  const { image, webp, caption, facts, variant } = picture;
  const { width, height } = image;
  const pixels = Math.max(width, height) <= pixelArt ? html` class="pixels"` : undefined;
  const settings =
    variant === undefined ? undefined : html` data-settings="${settingsId(variant)}"`;
  return html`<details class="picture"${settings}><summary title="${caption}"><img${pixels} alt="${caption}" width="${width}" height="${height}" src="data:image/webp;base64,${toBase64(webp)}"></summary>${factList(facts)}</details>`;
}

/** Names and values. */
export function factList(facts: readonly Fact[], id?: string): Markup {
  return html`<dl${id === undefined ? undefined : html` id="${id}"`}>${facts.map(
    ([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`,
  )}</dl>`;
}
