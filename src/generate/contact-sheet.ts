/** @file One picture of many: labelled rows for comparisons, a plain grid for samples of one prompt. */
import { invariant } from '../base/errors.ts';
import { blankImage, type Image } from '../data/image.ts';
import { enlarge, resize } from '../data/resize.ts';
import {
  capHeight,
  drawText,
  type TextPlace,
  type TextStyle,
  textWidth,
  wrapText,
} from './lettering/lettering.ts';
import { lineHeight, type SheetType, sheetType } from './lettering/sheet-type.ts';

export interface SheetRow {
  /** Stands left of the row's pictures. */
  readonly label: string;
  /** Less conspicuous, under the label. */
  readonly note?: string;
  /** Above its pictures, one each; over an empty one, the one before it runs on. */
  readonly captions?: readonly string[];
  /** Undefined leaves a place empty. */
  readonly images: readonly (Image | undefined)[];
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

const gap = 8;
/** A sheet of few pictures is widened up to this for its heading. */
const headingWidth = 480;
const mostHeadingLines = 4;
const mostCaptionLines = 3;
const paper = [250, 250, 248] as const;

interface Placed {
  readonly image: Image;
  readonly x: number;
  readonly y: number;
}

/** Pictures and lettering with their places; the page is as large as the rows need. */
interface Page {
  readonly type: SheetType;
  width: number;
  height: number;
  readonly pictures: Placed[];
  readonly lettering: (TextPlace & { readonly line: string })[];
}

/** Labelled rows of pictures on one page; small pictures are enlarged with hard pixel edges. */
export async function contactSheet(options: ContactSheetOptions): Promise<Image> {
  const { rows, columns = 8 } = options;
  invariant(columns >= 1, 'contactSheet() needs at least one column');
  const cell = options.cell ?? Math.min(256, naturalCell(rows.flatMap((row) => row.images)));
  const widestRow = Math.max(1, ...rows.map((row) => Math.min(columns, row.images.length)));
  const across = widestRow * (cell + gap) - gap;
  const type = await sheetType(across);
  const labels = labelColumn(rows, { type, across, cell });
  const left = type.margin + (labels > 0 ? labels + type.labelGap : 0);
  const page = startPage(type, left + across + type.margin, { ...options, border: type.margin });
  for (const [index, row] of rows.entries()) {
    if (index > 0) page.height += type.rowGap;
    addRow(page, row, { left, labels, cell, columns });
  }
  page.height += type.margin;
  return render(page);
}

/** Samples of one prompt side by side, with an optional title. */
export async function imageGrid(
  images: readonly Image[],
  options: ImageGridOptions = {},
): Promise<Image> {
  const { columns = Math.ceil(Math.sqrt(images.length)), cell = naturalCell(images) } = options;
  const count = Math.max(1, Math.min(columns, images.length));
  const across = count * (cell + gap) - gap;
  const type = await sheetType(across);
  const border = options.title === undefined ? gap : type.margin;
  const page = startPage(type, across + 2 * border, { ...options, border });
  addRow(page, { label: '', images }, { left: border, labels: 0, cell, columns: count });
  page.height += border;
  return render(page);
}

function naturalCell(images: readonly (Image | undefined)[]): number {
  return images.reduce((side, image) => Math.max(side, image?.width ?? 0, image?.height ?? 0), 128);
}

/** A line of text and how it is set. */
interface Line {
  readonly line: string;
  readonly style: TextStyle;
}

/** Lines of a row's label and its note, no higher than its pictures. */
function labelLines(
  { label, note = '' }: SheetRow,
  { type, width, cell }: { type: SheetType; width: number; cell: number },
): readonly Line[] {
  const most = Math.max(1, Math.floor(cell / lineHeight(type.label)));
  const labels = wrapText(label, { width, maxLines: most, style: type.label });
  const rest = most - labels.length;
  const notes = rest < 1 ? [] : wrapText(note, { width, maxLines: rest, style: type.note });
  return [
    ...labels.map((line) => ({ line, style: type.label })),
    ...notes.map((line) => ({ line, style: type.note })),
  ];
}

/** Width of the label column: as narrow as its widest wrapped line allows. */
function labelColumn(
  rows: readonly SheetRow[],
  { type, across, cell }: { type: SheetType; across: number; cell: number },
): number {
  const { least, most } = type.labelWidth;
  // A sheet of few columns would drown in a wide margin of labels.
  const width = Math.min(most, Math.max(1.5 * least, 0.6 * across));
  const lines = rows.flatMap((row) => labelLines(row, { type, width, cell }));
  if (lines.length === 0) return 0;
  const widest = Math.max(...lines.map(({ line, style }) => textWidth(line, style)));
  return Math.ceil(Math.max(least, widest));
}

/** An empty page under its heading, wide enough for the pictures and for a readable heading. */
function startPage(
  type: SheetType,
  width: number,
  {
    title = '',
    subtitle = '',
    border,
  }: Pick<ImageGridOptions, 'title' | 'subtitle'> & { border: number },
): Page {
  const page: Page = { type, width, height: border, pictures: [], lettering: [] };
  if (title === '' && subtitle === '') return page;
  const natural = Math.max(textWidth(title, type.title), textWidth(subtitle, type.subtitle));
  const room = Math.max(width - 2 * border, Math.min(Math.ceil(natural), headingWidth));
  const wrapped = (text: string, style: TextStyle): readonly Line[] =>
    wrapText(text, { width: room, maxLines: mostHeadingLines, style }).map((line) => ({
      line,
      style,
    }));
  page.width = Math.max(width, room + 2 * border);
  const large = wrapped(title, type.title);
  addLines(page, large.length <= 2 ? large : wrapped(title, type.longTitle), border);
  if (subtitle !== '') page.height += type.subtitleGap;
  addLines(page, wrapped(subtitle, type.subtitle), border);
  page.height += type.headingGap;
  return page;
}

/** Lines one under the other from where the page ends, which they extend. */
function addLines(page: Page, lines: readonly Line[], x: number): void {
  for (const { line, style } of lines) {
    page.lettering.push({ line, style, x, y: page.height + baseline(style) });
    page.height += lineHeight(style);
  }
}

interface RowPlace {
  readonly left: number;
  readonly labels: number;
  readonly cell: number;
  readonly columns: number;
}

function addRow(page: Page, row: SheetRow, place: RowPlace): void {
  const { left, labels, cell, columns } = place;
  for (let first = 0; first < Math.max(1, row.images.length); first += columns) {
    if (first > 0) page.height += gap;
    addCaptions(page, row.captions?.slice(first, first + columns) ?? [], { left, cell });
    if (first === 0) addLabel(page, row, { labels, cell });
    for (const [column, image] of row.images.slice(first, first + columns).entries()) {
      if (image === undefined) continue;
      const fitted = fitToCell(image, cell);
      page.pictures.push({
        image: fitted,
        x: left + column * (cell + gap) + Math.floor((cell - fitted.width) / 2),
        y: page.height + Math.floor((cell - fitted.height) / 2),
      });
    }
    page.height += cell;
  }
}

/** Captions end right above their pictures, however many lines the others have. */
function addCaptions(
  page: Page,
  captions: readonly string[],
  { left, cell }: Pick<RowPlace, 'left' | 'cell'>,
): void {
  const style = page.type.note;
  const wrapped = captions.map((caption, column) => {
    const next = captions.findIndex((other, at) => at > column && other !== '');
    const span = (next === -1 ? captions.length : next) - column;
    const width = span * (cell + gap) - 2 * gap;
    return wrapText(caption, { width, maxLines: mostCaptionLines, style });
  });
  const most = Math.max(0, ...wrapped.map((lines) => lines.length));
  if (most === 0) return;
  const step = lineHeight(style);
  for (const [column, lines] of wrapped.entries()) {
    const top = page.height + (most - lines.length) * step;
    for (const [index, line] of lines.entries()) {
      const y = top + index * step + baseline(style);
      page.lettering.push({ line, style, x: left + column * (cell + gap), y });
    }
  }
  page.height += most * step + page.type.captionGap;
}

/** The label is centred on the row's first line of pictures. */
function addLabel(page: Page, row: SheetRow, { labels, cell }: Pick<RowPlace, 'labels' | 'cell'>) {
  const lines = labelLines(row, { type: page.type, width: labels, cell });
  const step = lineHeight(page.type.label);
  const top = page.height + Math.round((cell - lines.length * step) / 2);
  for (const [index, { line, style }] of lines.entries()) {
    const y = top + index * step + baseline(style);
    page.lettering.push({ line, style, x: page.type.margin, y });
  }
}

/** Of a line, below its top, so that its capitals stand in the middle. */
function baseline(style: TextStyle): number {
  return Math.round((lineHeight(style) + capHeight(style)) / 2);
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

function render(page: Page): Image {
  const sheet = blankImage(page.width, page.height, paper);
  for (const { image, x, y } of page.pictures) paste(sheet, image, x, y);
  for (const { line, ...place } of page.lettering) drawText(sheet, line, place);
  return sheet;
}

function paste(sheet: Image, image: Image, x: number, y: number): void {
  const stride = image.width * 3;
  for (let row = 0; row < image.height; row++) {
    const line = image.data.subarray(row * stride, (row + 1) * stride);
    sheet.data.set(line, ((y + row) * sheet.width + x) * 3);
  }
}
