/** @file A map over a plane in overlapping tiles, averaged with weights that fall towards their edges, so that none shows (MultiDiffusion: Bar-Tal et al. 2023, arXiv 2302.08113, eq. 5). */
import { required } from '../../base/required.ts';
import type { Size } from '../../data/cover.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import type { BaseModel } from '../base/base-model.ts';

/** How a plane of latents is divided. */
export interface Tiling {
  /** Height and width of every tile, in latents. */
  readonly tile: Size;
  /** Latents that neighbours share at least. */
  readonly overlap: number;
}

/** How large what is read and what is written are for each latent, along a side. */
export interface TileScale {
  /** @default 1 */
  readonly read?: number;
  /** @default 1 */
  readonly written?: number;
}

/** Share of a tile's side that neighbours have in common. */
const shared = 1 / 2;

/** What is computed in tiles. */
interface TiledSize extends Size {
  /** Side of the tiles, in pixels. @default one piece */
  readonly tile?: number | undefined;
}

/** The size, in pixels, of what is computed at once: of a tile, or of the whole where it is no larger. */
export function tileSize(base: Pick<BaseModel, 'vae'>, { height, width, tile }: TiledSize): Size {
  const { downsampling } = base.vae.config;
  const side = tile === undefined ? undefined : Math.max(1, Math.floor(tile / downsampling));
  const least = (whole: number) =>
    side === undefined ? whole : Math.min(whole, side * downsampling);
  return { height: least(height), width: least(width) };
}

/** How the latents of a picture are divided. */
export function tilingOf(base: Pick<BaseModel, 'vae'>, size: TiledSize): Tiling {
  const { downsampling } = base.vae.config;
  const { height, width } = tileSize(base, size);
  const tile = { height: height / downsampling, width: width / downsampling };
  return { tile, overlap: Math.floor(Math.min(tile.height, tile.width) * shared) };
}

/**
 * The weighted mean of what every tile gives; of one tile alone, what it gives.
 *
 * @param whole [N, C, h, w] with `read` elements for each latent along a side
 * @param compute from a tile [N, C, ...] to its result, [N, D, ...] with `written` elements for each latent along a side
 */
export async function inTiles(
  whole: Tensor<'f32'>,
  { tile, overlap }: Tiling,
  compute: (part: Tensor<'f32'>) => Promise<Tensor<'f32'>>,
  { read = 1, written = 1 }: TileScale = {},
): Promise<Tensor<'f32'>> {
  const [, , high = 0, wide = 0] = whole.shape;
  const size = { height: high / read, width: wide / read };
  if (size.height === tile.height && size.width === tile.width) return await compute(whole);
  const rows = tileLine(size.height, tile.height, { overlap, scale: written });
  const columns = tileLine(size.width, tile.width, { overlap, scale: written });
  let sum: Tensor<'f32'> | undefined;
  for (const row of rows) {
    for (const column of columns) {
      const part = await compute(
        cut(whole, {
          ...{ top: row.start * read, left: column.start * read },
          ...{ height: tile.height * read, width: tile.width * read },
        }),
      );
      const [count = 0, channels = 0] = part.shape;
      sum ??= float32([count, channels, size.height * written, size.width * written]);
      addWeighted(sum, part, { row, column, scale: written });
    }
  }
  return sum ?? whole;
}

/** One row or column of tiles. */
export interface TilePlace {
  /** In latents. */
  readonly start: number;
  /** Of every element that is written, from the tile's start; over all tiles, those of an element sum to 1. */
  readonly weights: Float64Array;
}

/** Tiles along a side of `length` latents, evenly spaced: as few as share the overlap. */
export function tileLine(
  length: number,
  tile: number,
  { overlap, scale = 1 }: { readonly overlap: number; readonly scale?: number },
): readonly TilePlace[] {
  const count = length <= tile ? 1 : Math.ceil((length - overlap) / (tile - overlap));
  const starts = Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.round((i * (length - tile)) / (count - 1)),
  );
  const ramp = ramped(tile * scale, overlap * scale);
  const total = new Float64Array(length * scale);
  for (const start of starts) {
    ramp.forEach((weight, i) => {
      total[start * scale + i] = required(total, start * scale + i) + weight;
    });
  }
  return starts.map((start) => ({
    start,
    weights: ramp.map((weight, i) => weight / required(total, start * scale + i)),
  }));
}

/** 1 in the middle, falling linearly over the overlap to nearly 0 at both ends. */
function ramped(length: number, overlap: number): Float64Array {
  return Float64Array.from({ length }, (_, i) =>
    Math.min(1, (i + 0.5) / overlap, (length - i - 0.5) / overlap),
  );
}

interface Rectangle extends Size {
  readonly top: number;
  readonly left: number;
}

/** A rectangle of every plane of [N, C, h, w]. */
function cut(whole: Tensor<'f32'>, { top, left, height, width }: Rectangle): Tensor<'f32'> {
  const [count = 0, channels = 0, high = 0, wide = 0] = whole.shape;
  const part = float32([count, channels, height, width]);
  for (let plane = 0; plane < count * channels; plane++) {
    for (let row = 0; row < height; row++) {
      const from = (plane * high + top + row) * wide + left;
      part.data.set(whole.data.subarray(from, from + width), (plane * height + row) * width);
    }
  }
  return part;
}

function addWeighted(
  sum: Tensor<'f32'>,
  part: Tensor<'f32'>,
  { row, column, scale }: { row: TilePlace; column: TilePlace; scale: number },
): void {
  const [count = 0, channels = 0, height = 0, width = 0] = part.shape;
  const [, , high = 0, wide = 0] = sum.shape;
  for (let plane = 0; plane < count * channels; plane++) {
    for (let y = 0; y < height; y++) {
      const vertical = required(row.weights, y);
      const from = (plane * height + y) * width;
      const to = (plane * high + row.start * scale + y) * wide + column.start * scale;
      for (let x = 0; x < width; x++) {
        const weight = vertical * required(column.weights, x);
        sum.data[to + x] = required(sum.data, to + x) + weight * required(part.data, from + x);
      }
    }
  }
}
