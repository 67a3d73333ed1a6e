/** @file The cells of a comparison: for each the drawing that it is, and its key. */
import { createHash } from '../../platform/hashes.ts';
import { fileFingerprint } from '../../storage/fingerprint.ts';
import type { AdapterFile, AdapterFiles } from '../adapters/adapter-files.ts';
import { checkedDrawing } from '../drawings/draw-settings.ts';
import type { ComparisonRequest } from '../interface/comparison-operations.ts';
import type { DrawRequest } from '../interface/drawing-operations.ts';
import type { PictureId } from '../interface/operation-shapes.ts';
import type { FoundModels } from '../models/found-models.ts';
import type { Runs } from '../runs/runs.ts';
import { cellKey } from './cell-key.ts';
import { type CellValues, cellValues, requireAxes } from './comparison-axes.ts';
import { RunAdapters } from './run-adapters.ts';

/** What a place in a comparison is. */
export type Cell =
  | { readonly key: string; readonly drawing: DrawRequest }
  /** Cannot be drawn. */
  | { readonly key: undefined; readonly problem: string };

export interface CellSources {
  readonly runs: Runs;
  readonly adapters: AdapterFiles;
  readonly models: FoundModels;
  readonly readPicture: (id: PictureId) => Promise<Uint8Array>;
}

/** Cells as pages are told of them: grid behind grid, row after row. */
export type CellGrids = readonly (readonly (readonly Cell[])[])[];

/**
 * The cells of a request.
 *
 * @throws ConfigError AXIS_UNKNOWN, AXIS_TWICE, AXIS_VALUES, TOO_MANY_CELLS, NOT_HERE, or what settings have wrong
 */
export async function comparisonCells(
  request: ComparisonRequest,
  sources: CellSources,
): Promise<CellGrids> {
  requireAxes(request);
  const look = new CellLook(request, sources);
  return await Promise.all(
    cellValues(request).map((layer) =>
      Promise.all(layer.map((row) => Promise.all(row.map((values) => look.cell(values))))),
    ),
  );
}

/** Looks at every file once, however many cells use it. */
class CellLook {
  readonly #request: ComparisonRequest;
  readonly #sources: CellSources;
  readonly #ofRuns: RunAdapters;
  readonly #fingerprints = new Map<string, Promise<string>>();
  readonly #pictures = new Map<PictureId, Promise<string>>();

  constructor(request: ComparisonRequest, sources: CellSources) {
    this.#request = request;
    this.#sources = sources;
    this.#ofRuns = new RunAdapters(sources);
  }

  async cell({ run, step, settings }: CellValues): Promise<Cell> {
    const { shared } = this.#request;
    const ofRun = run === undefined ? undefined : await this.#ofRuns.at(run, step);
    if (ofRun !== undefined && 'problem' in ofRun) return { key: undefined, ...ofRun };
    const adapters = [...(ofRun === undefined ? [] : [ofRun.used]), ...shared.adapters];
    const drawing: DrawRequest = { ...shared, adapters, settings };
    await checkedDrawing(drawing, this.#sources.models);
    const known = adapters.map(async ({ id, strength }) => ({
      fingerprint: await this.#fingerprint(id),
      strength,
    }));
    const key = cellKey({
      base: shared.base,
      settings,
      adapters: await Promise.all(known),
      initImage: await this.#picture(shared.initImage),
      mask: await this.#picture(shared.mask),
    });
    return { key, drawing };
  }

  async #fingerprint(id: string): Promise<string> {
    const known =
      this.#fingerprints.get(id) ??
      this.#sources.adapters.get(id).then(({ path }: AdapterFile) => fileFingerprint(path));
    this.#fingerprints.set(id, known);
    return await known;
  }

  async #picture(id: PictureId | undefined): Promise<string | undefined> {
    if (id === undefined) return undefined;
    const known = this.#pictures.get(id) ?? this.#sources.readPicture(id).then(hashOf);
    this.#pictures.set(id, known);
    return await known;
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
