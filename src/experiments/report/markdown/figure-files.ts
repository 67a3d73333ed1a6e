/** @file The figures of a report as files of their own: charts as SVG, pictures as labelled sheets. */
import { encodeWebp } from '../../../data/image.ts';
import { contactSheet } from '../../../generate/contact-sheet.ts';
import { standaloneSvg } from '../charts/render.ts';
import type { Chart } from '../charts/variant-points.ts';
import type { PictureGrid } from '../picture-grids.ts';

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
  async addPictures({ title, columns, rows }: PictureGrid): Promise<string> {
    const stem = `${this.#experiment}-pictures-${title.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;
    let name = `${stem}.webp`;
    for (let i = 2; this.#files.has(name); i++) name = `${stem}-${i}.webp`;
    const sheet = await contactSheet({
      title,
      subtitle: columns.join('  |  '),
      rows: rows.map(({ label, cells }) => ({
        label,
        images: cells.flat().map(({ image }) => image),
      })),
      columns: Math.max(1, ...rows.map(({ cells }) => cells.flat().length)),
    });
    this.#files.set(name, await encodeWebp(sheet, 82));
    return name;
  }
}
