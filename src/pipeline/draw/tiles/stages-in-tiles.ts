/** @file A stage of an autoencoder in tiles, as it is in one piece: each tile with all that it sees around it, group norms by the statistics of the whole plane. */
import { required } from '../../../base/required.ts';
import type { Size } from '../../../data/cover.ts';
import { axisSize } from '../../../graph/index.ts';
import type { VaeStage } from '../../../models/vae/vae.ts';
import type { ModelWeights } from '../../../models/weights.ts';
import type { TracedNorm } from '../../../nn/index.ts';
import type { Session } from '../../../runtime/index.ts';
import {
  bytesPerElement,
  elementCount,
  float32,
  type Shape,
  type Tensor,
} from '../../../tensor/tensor.ts';
import { networkBytes, openNetwork, type Place } from '../../network/open-network.ts';
import {
  type KnownStatistics,
  type Statistics,
  statisticsFeeds,
  traceStage,
} from './stage-trace.ts';
import { cut, tileCount, tileStarts } from './tiles.ts';

/** Whose stages they are, and where they are computed. */
export interface StagedModel {
  readonly weights: ModelWeights;
  readonly place: Place;
}

/** What stages make of a plane [1, C, h, w], one after the other; one that is no larger than a tile is computed in one piece. */
export async function stagesInTiles(
  model: StagedModel,
  stages: readonly VaeStage[],
  { plane, picture }: { readonly plane: Tensor<'f32'>; readonly picture: TiledHeight },
): Promise<Tensor<'f32'>> {
  let x = plane;
  for (const stage of stages) {
    x = await stageInTiles(model, stage, { plane: x, tile: stageTile(stage, x, picture) });
  }
  return x;
}

/** Bytes that stages hold at most: a plane that is read, one that is written, and the network of a tile. Loads nothing. */
export function stagesBytes(
  weights: ModelWeights,
  stages: readonly VaeStage[],
  { plane, picture }: { readonly plane: Shape; readonly picture: TiledHeight },
): number {
  let shape = plane;
  let most = 0;
  for (const stage of stages) {
    const { height, width } = stageTile(stage, { shape }, picture);
    const part = [...shape.slice(0, 2), height * stage.read, width * stage.read];
    let channels = 0;
    const network = networkBytes(weights, (graph, scope) => {
      const known = { has: () => true };
      const traced = traceStage({ graph, scope }, { stage, shape: part, known });
      channels = axisSize(required(Object.values(traced), 0), 1);
      return traced;
    });
    const size = sizeOf({ shape }, stage);
    const written = [1, channels, size.height * stage.written, size.width * stage.written];
    const planes = [shape, written].map((each) => bytesPerElement.f32 * elementCount(each));
    most = Math.max(most, network + planes.reduce((sum, bytes) => sum + bytes, 0));
    shape = written;
  }
  return most;
}

/** Height of a picture and the side of its tiles, in pixels. */
export interface TiledHeight {
  readonly height: number;
  readonly tile: number;
}

/**
 * What a stage makes of a plane [1, C, h, w]. The statistics of its norms are measured first, of one after the other, each
 * with those before it known, and pooled over the tiles (Chan et al. 1983, eq. 2.1).
 *
 * @param tile height and width of the tiles, in elements of what is read or written, whichever are fewer
 */
async function stageInTiles(
  { weights, place }: StagedModel,
  stage: VaeStage,
  { plane, tile }: { readonly plane: Tensor<'f32'>; readonly tile: Size },
): Promise<Tensor<'f32'>> {
  const shape = [...plane.shape.slice(0, 2), tile.height * stage.read, tile.width * stage.read];
  const known = new Map<string, Statistics>();
  for (;;) {
    let unknown: Pick<TracedNorm, 'name' | 'epsilon'> | undefined;
    await using session = await openNetwork(
      weights,
      (graph, scope) =>
        traceStage({ graph, scope }, { stage, shape, known }, (norm) => {
          unknown = norm;
        }),
      place,
    );
    const opened = { session, stage, plane, tile, known };
    if (unknown === undefined) return await writtenInTiles(opened);
    known.set(unknown.name, { ...(await measuredInTiles(opened)), epsilon: unknown.epsilon });
  }
}

/** A stage whose session is open for a tile. */
interface OpenStage {
  readonly session: Session;
  readonly stage: VaeStage;
  readonly plane: Tensor<'f32'>;
  readonly tile: Size;
  readonly known: KnownStatistics;
}

async function writtenInTiles(opened: OpenStage): Promise<Tensor<'f32'>> {
  const { session, stage, plane, known } = opened;
  const { height, width } = sizeOf(plane, stage);
  const feeds = statisticsFeeds(known);
  let whole: Tensor<'f32'> | undefined;
  for (const place of places(opened)) {
    const results = await session.run({ plane: partOf(opened, place), ...feeds });
    const part = results.get('written');
    const channels = required(part.shape, 1);
    whole ??= float32([1, channels, height * stage.written, width * stage.written]);
    paste(whole, part, { ...place, scale: stage.written });
  }
  return whole ?? plane;
}

/** The statistics of the norm that the session measures. */
async function measuredInTiles(opened: OpenStage): Promise<Omit<Statistics, 'epsilon'>> {
  const { session, stage, plane, tile, known } = opened;
  const { height, width } = sizeOf(plane, stage);
  const feeds = statisticsFeeds(known);
  const parts: Moments[] = [];
  for (const place of places(opened)) {
    const { row, column } = place;
    const results = await session.run({
      ...{ plane: partOf(opened, place), ...feeds },
      'row weights': float32([tile.height * stage.written, 1], weightsOf(row, stage.written)),
      'column weights': float32([1, tile.width * stage.written], weightsOf(column, stage.written)),
    });
    const share = ((row.to - row.from) * (column.to - column.from)) / (height * width);
    parts.push({ share, mean: results.get('mean').data, variance: results.get('variance').data });
  }
  return pooled(parts);
}

/** Of the groups of a norm, over the part of a plane that a tile counts for. */
export interface Moments {
  /** Of the plane; together 1. */
  readonly share: number;
  readonly mean: ArrayLike<number>;
  readonly variance: ArrayLike<number>;
}

/** Means and variances of the whole: of a group, Σ s·μ and Σ s·(σ² + (μ − mean)²). */
export function pooled(parts: readonly Moments[]): Omit<Statistics, 'epsilon'> {
  const groups = parts[0]?.mean.length ?? 0;
  const weighted = (term: (part: Moments, group: number) => number) =>
    Float64Array.from({ length: groups }, (_, group) =>
      parts.reduce((sum, part) => sum + part.share * term(part, group), 0),
    );
  const means = weighted(({ mean }, group) => required(mean, group));
  const variances = weighted(
    ({ mean, variance }, group) =>
      required(variance, group) + (required(mean, group) - required(means, group)) ** 2,
  );
  return { means, variances };
}

/** The smallest tiles that are as few as the picture's, in the smaller elements of a stage, with what they see around them. */
function stageTile(stage: VaeStage, plane: Pick<Tensor, 'shape'>, picture: TiledHeight): Size {
  const { height, width } = sizeOf(plane, stage);
  const side = Math.floor((picture.tile * height) / picture.height);
  const least = (length: number) => leastTile(length, side, stage.reach);
  return { height: least(height), width: least(width) };
}

/** The shortest tiles that are as few as those of a side, of which what is seen at both ends takes two thirds at most. */
export function leastTile(length: number, side: number, reach: number): number {
  const overlap = 2 * reach;
  const count = tileCount(length, Math.max(side, 3 * reach), overlap);
  return Math.ceil((length + (count - 1) * overlap) / count);
}

/** Height and width of a plane, in the smaller elements of a stage. */
function sizeOf({ shape }: Pick<Tensor, 'shape'>, { read }: VaeStage): Size {
  const [, , height = 0, width = 0] = shape;
  return { height: height / read, width: width / read };
}

/** Where a tile starts, and from where to where it counts, from the start of the plane. */
export interface Stretch {
  readonly start: number;
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

interface TilePlace {
  readonly row: Stretch;
  readonly column: Stretch;
}

function places({ plane, stage, tile }: OpenStage): readonly TilePlace[] {
  const size = sizeOf(plane, stage);
  const rows = stretches(size.height, tile.height, stage.reach);
  const columns = stretches(size.width, tile.width, stage.reach);
  return rows.flatMap((row) => columns.map((column) => ({ row, column })));
}

/** Tiles along a side: each element counts in one of them, that sees all around it. */
export function stretches(length: number, tile: number, reach: number): readonly Stretch[] {
  const starts = tileStarts(length, tile, 2 * reach);
  const border = (i: number) =>
    Math.floor((required(starts, i - 1) + tile + required(starts, i)) / 2);
  return starts.map((start, i) => ({
    ...{ start, length: tile },
    from: i === 0 ? 0 : border(i),
    to: i === starts.length - 1 ? length : border(i + 1),
  }));
}

function partOf({ plane, stage: { read } }: OpenStage, { row, column }: TilePlace): Tensor<'f32'> {
  return cut(plane, {
    ...{ top: row.start * read, left: column.start * read },
    ...{ height: row.length * read, width: column.length * read },
  });
}

/** 1 where a tile counts and 0 elsewhere, divided by their mean. */
function weightsOf({ start, from, to, length }: Stretch, scale: number): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(length * scale);
  return weights.fill(length / (to - from), (from - start) * scale, (to - start) * scale);
}

/** Copies what of a tile counts. */
function paste(
  whole: Tensor<'f32'>,
  part: Tensor<'f32'>,
  { row, column, scale }: TilePlace & { readonly scale: number },
): void {
  const [, channels = 0, high = 0, wide = 0] = whole.shape;
  const [, , height = 0, width = 0] = part.shape;
  for (let plane = 0; plane < channels; plane++) {
    for (let y = row.from * scale; y < row.to * scale; y++) {
      const line = (plane * height + y - row.start * scale) * width - column.start * scale;
      const counting = part.data.subarray(line + column.from * scale, line + column.to * scale);
      whole.data.set(counting, (plane * high + y) * wide + column.from * scale);
    }
  }
}
