/** @file The figures of a report as files of their own: charts as SVG, pictures as labelled sheets. */
import { required } from '../../../base/required.ts';
import { encodeWebp } from '../../../data/image.ts';
import { type ContactSheetOptions, contactSheet } from '../../../generate/contact-sheet.ts';
import { standaloneSvg } from '../charts/render.ts';
import type { Chart } from '../charts/variant-points.ts';
import type { PictureGrid, PictureRow } from '../picture-grids.ts';

/** Files by name, in the order they were made. */
export type FigureFiles = ReadonlyMap<string, Uint8Array | string>;

/** Gathers the figures of one experiment under names that say whose they are. */
export class FigureFolder {
  readonly #experiment: string;
  readonly #files = new Map<string, Uint8Array | string>();
  #charts = 0;

  constructor(experiment: string) {
    this.#experiment = experiment;
  }

  get files(): FigureFiles {
    return this.#files;
  }

  /** Adds a chart: "fig7.pocket-1.svg". */
  addChart({ svg }: Chart): string {
    this.#charts += 1;
    const name = `${this.#experiment}-${this.#charts}.svg`;
    this.#files.set(name, standaloneSvg(svg));
    return name;
  }

  /** Adds a labelled sheet: "table3.pocket-pictures-cat.webp". */
  async addPictures(grid: PictureGrid): Promise<string> {
    const { title } = grid;
    const stem = `${this.#experiment}-pictures-${title.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;
    let name = `${stem}.webp`;
    for (let i = 2; this.#files.has(name); i++) name = `${stem}-${i}.webp`;
    const sheet = await contactSheet(sheetOf(grid));
    this.#files.set(name, await encodeWebp(sheet, 82));
    return name;
  }
}

/** The columns stand above the first row that is in them: real pictures follow each other as they come. */
function sheetOf({ title, columns, rows }: PictureGrid): ContactSheetOptions {
  const isReal = ({ cells }: PictureRow) =>
    cells.flat().every(({ variant }) => variant === undefined);
  const drawn = rows.filter((row) => !isReal(row));
  const places = columns.map((_, i) =>
    Math.max(1, ...drawn.map(({ cells }) => cells[i]?.length ?? 0)),
  );
  const captions = columns.flatMap((column, i) => [column, ...empty(required(places, i) - 1, '')]);
  const cellImages = (cell: PictureRow['cells'][number], i: number) => [
    ...cell.map(({ image }) => image),
    ...empty(required(places, i) - cell.length, undefined),
  ];
  return {
    title,
    rows: rows.map((row) => ({
      label: row.label,
      images: isReal(row)
        ? row.cells.flat().map(({ image }) => image)
        : row.cells.flatMap(cellImages),
      ...(row === drawn[0] && { captions }),
    })),
    columns: Math.max(
      captions.length,
      ...rows.filter(isReal).map(({ cells }) => cells.flat().length),
    ),
  };
}

const empty = <Nothing>(count: number, nothing: Nothing) => Array<Nothing>(count).fill(nothing);
