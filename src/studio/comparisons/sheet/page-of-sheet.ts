/** @file A comparison as one page with its pictures inside: no script, no other file. */
import { required } from '../../../base/required.ts';
import { encodePng } from '../../../data/image.ts';
import { toBase64 } from '../../../experiments/report/base64.ts';
import type { SheetLayer, SheetQuestion } from './sheet-question.ts';
import { smallPicture } from './small-picture.ts';

/** Side of a picture, in pixels. */
const side = 512;

const style = `
:root { color-scheme: light dark; --line: light-dark(#e0e0e0, #333); --quiet: light-dark(#595959, #a8a8a8); }
body { margin: 24px; background: light-dark(#fff, #151515); color: light-dark(#1b1b1b, #ededed); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 22px; margin: 0; } h2 { font-size: 17px; margin: 32px 0 0; } p { margin: 4px 0 0; color: var(--quiet); }
table { border-spacing: 8px; margin: 16px -8px 0; }
th { max-width: 256px; font-weight: 500; text-align: start; background: light-dark(#fff, #151515); overflow-wrap: anywhere; }
thead th { position: sticky; top: 0; vertical-align: bottom; padding-block: 8px; z-index: 1; }
tbody th { position: sticky; left: 0; min-width: 64px; padding-inline-end: 8px; }
img { display: block; width: 256px; max-width: none; image-rendering: auto; background: light-dark(#e6e6e6, #2b2b2b); }
img.small { image-rendering: pixelated; }
`;

/** The page's bytes. */
export async function pageOfSheet(question: SheetQuestion): Promise<Uint8Array> {
  const { title, subtitle, columns, layers } = question;
  const tables: string[] = [];
  for (const layer of layers) tables.push(await tableOf(layer, columns));
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(subtitle)}</p>
${tables.join('\n')}
</body>
</html>
`;
  return new TextEncoder().encode(page);
}

async function tableOf(layer: SheetLayer, columns: readonly string[]): Promise<string> {
  const heads = columns.map((column) => `<th scope="col">${escaped(column)}</th>`);
  const rows: string[] = [];
  for (const { label, pictures } of layer.rows) {
    const cells = await Promise.all(
      pictures.map(async (path, i) => {
        const words = `${label}, ${required(columns, i)}`;
        return `<td>${path === undefined ? '' : await picture(path, words)}</td>`;
      }),
    );
    rows.push(`<tr><th scope="row">${escaped(label)}</th>${cells.join('')}</tr>`);
  }
  const heading = layer.title === '' ? '' : `<h2>${escaped(layer.title)}</h2>\n`;
  return `${heading}<table>\n<thead><tr><td></td>${heads.join('')}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`;
}

async function picture(path: string, words: string): Promise<string> {
  const image = await smallPicture(path, side);
  const png = toBase64(await encodePng(image));
  const isSmall = Math.max(image.width, image.height) < side / 2;
  return `<img${isSmall ? ' class="small"' : ''} alt="${escaped(words)}" src="data:image/png;base64,${png}">`;
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' },
  };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
