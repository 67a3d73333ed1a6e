/** @file One picture of many: labelled rows for comparisons, a plain grid for samples of one prompt. */
import { invariant } from '../base/errors.ts';
import { blankImage, type Image } from '../data/image.ts';
import { enlarge, resize } from '../data/resize.ts';
import { withSvg } from '../platform/pictures.ts';
import { type TextStyle, textSvg, textWidth, wrapText } from './lettering.ts';

export interface SheetRow {
  /** Stands left of the row's pictures. */
  readonly label: string;
  readonly images: readonly Image[];
}

export interface ContactSheetOptions {
  readonly title?: string;
  /** A smaller line under the title. */
  readonly subtitle?: string;
  readonly rows: readonly SheetRow[];
  /** Side of a picture's square, in pixels. @default the largest picture's side, at least 128 and at most 256 */
  readonly cell?: number;
  /** Pictures side by side before a row continues below. @default 8 */
  readonly columns?: number;
}

export interface ImageGridOptions {
  /** Above the pictures, such as the prompt. */
  readonly title?: string;
  /** A smaller line under the title. */
  readonly subtitle?: string;
  /** Side of a picture's square, in pixels. @default the largest picture's side, at least 128 */
  readonly cell?: number;
  /** @default about as many columns as rows */
  readonly columns?: number;
}

const titleStyle: TextStyle = { capHeight: 15, weight: 1.3 };
const subtitleStyle: TextStyle = { capHeight: 9.5, weight: 1.05, colour: '#6e6e73' };
const labelStyle: TextStyle = { capHeight: 10, weight: 1.1 };

const margin = 32;
const gap = 8;
const rowGap = 20;
const labelGap = 24;
const labelWidth = { min: 72, max: 190 };
/** A sheet of few pictures is widened up to this for its heading. */
const headingWidth = 480;
const paper = [250, 250, 248] as const;

interface Placed {
  readonly image: Image;
  readonly x: number;
  readonly y: number;
}

/** Pictures and lettering with their places; the page is as large as the rows need. */
interface Page {
  width: number;
  height: number;
  readonly pictures: Placed[];
  readonly lettering: string[];
}

/** Labelled rows of pictures on one page; small pictures are enlarged with hard pixel edges. */
export async function contactSheet(options: ContactSheetOptions): Promise<Image> {
  const { rows, columns = 8 } = options;
  invariant(columns >= 1, 'contactSheet() needs at least one column');
  const cell = options.cell ?? Math.min(256, naturalCell(rows.flatMap((row) => row.images)));
  const widestRow = Math.max(1, ...rows.map((row) => Math.min(columns, row.images.length)));
  const labels = labelColumn(rows, Math.max(widestRow, 1), cell);
  const left = margin + (labels > 0 ? labels + labelGap : 0);
  const width = left + widestRow * (cell + gap) - gap + margin;
  const page = startPage(width, margin, options);
  for (const [index, row] of rows.entries()) {
    if (index > 0) page.height += rowGap;
    addRow(page, row, { left, labels, cell, columns });
  }
  page.height += margin;
  return render(page);
}

/** Samples of one prompt side by side, with an optional title. */
export async function imageGrid(
  images: readonly Image[],
  options: ImageGridOptions = {},
): Promise<Image> {
  const { columns = Math.ceil(Math.sqrt(images.length)), cell = naturalCell(images) } = options;
  const across = Math.max(1, Math.min(columns, images.length));
  const border = options.title === undefined ? gap : margin;
  const width = border + across * (cell + gap) - gap + border;
  const page = startPage(width, border, options);
  addRow(page, { label: '', images }, { left: border, labels: 0, cell, columns: across });
  page.height += border;
  return render(page);
}

function naturalCell(images: readonly Image[]): number {
  return images.reduce((side, { width, height }) => Math.max(side, width, height), 128);
}

/** Width of the label column: as narrow as its widest wrapped line allows. */
function labelColumn(rows: readonly SheetRow[], across: number, cell: number): number {
  // A sheet of few columns would drown in a wide margin of labels.
  const most = Math.min(labelWidth.max, Math.max(labelWidth.min * 1.5, across * cell * 0.6));
  const lines = rows.flatMap((row) => wrapText(row.label, { ...labelBox(cell), width: most }));
  if (lines.length === 0) return 0;
  const widest = Math.max(...lines.map((line) => textWidth(line, labelStyle)));
  return Math.ceil(Math.max(labelWidth.min, widest));
}

function labelBox(cell: number): { maxLines: number; style: TextStyle } {
  return { maxLines: Math.max(1, Math.floor(cell / lineHeight(labelStyle))), style: labelStyle };
}

function lineHeight(style: TextStyle): number {
  return Math.round(style.capHeight * 1.9);
}

/** An empty page under its heading, wide enough for the pictures and for a readable heading. */
function startPage(
  width: number,
  top: number,
  { title = '', subtitle = '' }: { readonly title?: string; readonly subtitle?: string },
): Page {
  const natural = Math.max(textWidth(title, titleStyle), textWidth(subtitle, subtitleStyle));
  const room = Math.max(width - 2 * margin, Math.min(Math.ceil(natural), headingWidth));
  const heading = [
    ...wrapText(title, { width: room, maxLines: 3, style: titleStyle }).map((line) => ({
      line,
      style: titleStyle,
    })),
    ...wrapText(subtitle, { width: room, maxLines: 3, style: subtitleStyle }).map((line) => ({
      line,
      style: subtitleStyle,
    })),
  ];
  const page: Page = { width, height: top, pictures: [], lettering: [] };
  if (heading.length === 0) return page;
  page.width = Math.max(width, room + 2 * margin);
  for (const { line, style } of heading) {
    page.lettering.push(textSvg(line, margin, page.height + style.capHeight, style));
    page.height += lineHeight(style);
  }
  page.height += 14;
  return page;
}

function addRow(
  page: Page,
  row: SheetRow,
  place: { left: number; labels: number; cell: number; columns: number },
): void {
  const { left, labels, cell, columns } = place;
  const lines = Math.max(1, Math.ceil(row.images.length / columns));
  for (const [index, image] of row.images.entries()) {
    const fitted = fitToCell(image, cell);
    const x = left + (index % columns) * (cell + gap);
    const y = page.height + Math.floor(index / columns) * (cell + gap);
    page.pictures.push({
      image: fitted,
      x: x + Math.floor((cell - fitted.width) / 2),
      y: y + Math.floor((cell - fitted.height) / 2),
    });
  }
  const text = wrapText(row.label, { ...labelBox(cell), width: labels });
  const step = lineHeight(labelStyle);
  const textHeight = (text.length - 1) * step + labelStyle.capHeight;
  // The label is centred on the row's first line of pictures.
  const first = page.height + Math.round((cell - textHeight) / 2) + labelStyle.capHeight;
  for (const [index, line] of text.entries()) {
    page.lettering.push(textSvg(line, margin, first + index * step, labelStyle));
  }
  page.height += lines * (cell + gap) - gap;
}

/** The picture inside the square: enlarged by a whole factor where it is smaller, resampled where it is larger. */
function fitToCell(image: Image, cell: number): Image {
  const side = Math.max(image.width, image.height);
  if (side <= cell) return enlarge(image, Math.floor(cell / side));
  const scale = cell / side;
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  return resize(image, { width, height }, 'lanczos');
}

async function render(page: Page): Promise<Image> {
  const { width, height } = page;
  const sheet = blankImage(width, height, paper);
  for (const { image, x, y } of page.pictures) paste(sheet, image, x, y);
  if (page.lettering.length === 0) return sheet;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${page.lettering.join('')}</svg>`;
  return await withSvg(sheet, svg);
}

function paste(sheet: Image, image: Image, x: number, y: number): void {
  const stride = image.width * 3;
  for (let row = 0; row < image.height; row++) {
    const line = image.data.subarray(row * stride, (row + 1) * stride);
    sheet.data.set(line, ((y + row) * sheet.width + x) * 3);
  }
}
