/** @file A map over a plane in overlapping tiles, averaged with weights that fall towards their edges, so that none shows (MultiDiffusion: Bar-Tal et al. 2023, arXiv 2302.08113, eq. 5). */
import { required } from '../../../base/required.ts';
import type { Size } from '../../../data/cover.ts';
import { float32, type Tensor } from '../../../tensor/tensor.ts';
import type { BaseModel } from '../../base/base-model.ts';

/** How a plane of latents is divided. */
export interface Tiling {
  /** Height and width of every tile, in latents. */
  readonly tile: Size;
  /** Latents that neighbours share at least. */
  readonly overlap: number;
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
 * @param whole [N, C, h, w]
 * @param compute from a tile [N, C, height, width] to its result, [N, D, height, width]
 */
export async function inTiles(
  whole: Tensor<'f32'>,
  { tile, overlap }: Tiling,
  compute: (part: Tensor<'f32'>) => Promise<Tensor<'f32'>>,
): Promise<Tensor<'f32'>> {
  const [, , high = 0, wide = 0] = whole.shape;
  if (high === tile.height && wide === tile.width) return await compute(whole);
  const columns = tileLine(wide, tile.width, overlap);
  let sum: Tensor<'f32'> | undefined;
  for (const row of tileLine(high, tile.height, overlap)) {
    for (const column of columns) {
      const part = await compute(cut(whole, { top: row.start, left: column.start, ...tile }));
      const [count = 0, channels = 0] = part.shape;
      sum ??= float32([count, channels, high, wide]);
      addWeighted(sum, part, { row, column });
    }
  }
  return sum ?? whole;
}

/** One row or column of tiles. */
export interface TilePlace {
  /** In latents. */
  readonly start: number;
  /** Of every latent from the tile's start; over all tiles, those of a latent sum to 1. */
  readonly weights: Float64Array;
}

/** Tiles along a side of `length` latents, evenly spaced: as few as share the overlap. */
export function tileLine(length: number, tile: number, overlap: number): readonly TilePlace[] {
  const starts = tileStarts(length, tile, overlap);
  const ramp = ramped(tile, overlap);
  const total = new Float64Array(length);
  for (const start of starts) {
    ramp.forEach((weight, i) => {
      total[start + i] = required(total, start + i) + weight;
    });
  }
  return starts.map((start) => ({
    start,
    weights: ramp.map((weight, i) => weight / required(total, start + i)),
  }));
}

/** Where tiles begin that share the overlap at least. */
export function tileStarts(length: number, tile: number, overlap: number): readonly number[] {
  const count = tileCount(length, tile, overlap);
  return Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.round((i * (length - tile)) / (count - 1)),
  );
}

/** How many tiles a side takes. */
export function tileCount(length: number, tile: number, overlap: number): number {
  return length <= tile ? 1 : Math.ceil((length - overlap) / (tile - overlap));
}

/** 1 in the middle, falling linearly over the overlap to nearly 0 at both ends. */
function ramped(length: number, overlap: number): Float64Array {
  return Float64Array.from({ length }, (_, i) =>
    Math.min(1, (i + 0.5) / overlap, (length - i - 0.5) / overlap),
  );
}

export interface Rectangle extends Size {
  readonly top: number;
  readonly left: number;
}

/** A rectangle of every plane of [N, C, h, w]. */
export function cut(whole: Tensor<'f32'>, { top, left, height, width }: Rectangle): Tensor<'f32'> {
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
  { row, column }: { readonly row: TilePlace; readonly column: TilePlace },
): void {
  const [count = 0, channels = 0, height = 0, width = 0] = part.shape;
  const [, , high = 0, wide = 0] = sum.shape;
  for (let plane = 0; plane < count * channels; plane++) {
    for (let y = 0; y < height; y++) {
      const vertical = required(row.weights, y);
      const from = (plane * height + y) * width;
      const to = (plane * high + row.start + y) * wide + column.start;
      for (let x = 0; x < width; x++) {
        const weight = vertical * required(column.weights, x);
        sum.data[to + x] = required(sum.data, to + x) + weight * required(part.data, from + x);
      }
    }
  }
}
