/** @file Inspects a file of tensors: a whole model, an adapter of any tool, a checkpoint of a run, or anything else. */
import { isAdapterMetadata } from '../adapters/file/file-metadata.ts';
import { describeForeignFile } from '../adapters/file/foreign-file.ts';
import { isCheckpoint } from '../models/single-file/kinds.ts';
import { openAdapter } from '../pipeline/adapters/adapter-file.ts';
import { openTensorFile } from '../storage/weights/tensor-file.ts';
import { type AdapterInspection, inspectAdapter } from './adapter-inspection.ts';
import { inspectSingleFile, type ModelFileInspection } from './single-file-inspection.ts';
import {
  describedTensors,
  readAll,
  summariseTensors,
  type TensorSummary,
  type TensorsInspection,
  tensorWarnings,
} from './tensor-summary.ts';

/** Files up to this are read whole to tell other tools' adapters. */
const largestAdapter = 1e9;

/** A file that holds tensors of ours and nothing else to show. */
export interface PlainInspection {
  /** An adapter of ours with numbers that no reader accepts, or parameters and optimiser of a run. */
  readonly kind: 'broken adapter' | 'checkpoint';
  readonly path: string;
  readonly summary: TensorSummary;
  readonly warnings: readonly string[];
}

/** What a file of tensors is. */
export type TensorFileInspection =
  | AdapterInspection
  | ModelFileInspection
  | PlainInspection
  | TensorsInspection;

/**
 * Inspects a file of tensors.
 *
 * @param base to read an adapter for
 * @throws FormatError where it is broken
 */
export async function inspectTensorFile(
  path: string,
  base?: string,
): Promise<TensorFileInspection> {
  const { metadata, places } = await openTensorFile(path);
  const summary = await summariseTensors(places);
  const plain = { path, summary, warnings: tensorWarnings(summary) };
  if ('krona.checkpoint' in metadata) return { kind: 'checkpoint', ...plain };
  const known = { path, places, metadata, summary };
  if (isCheckpoint(places)) return await inspectSingleFile(known);
  const isOurs = isAdapterMetadata(metadata);
  if (isOurs && summary.notFinite.length > 0) return { kind: 'broken adapter', ...plain };
  const isRead = isOurs || summary.bytes <= largestAdapter;
  const adapter = isRead ? await inspectAdapter(path, await openAdapter(path), base) : undefined;
  if (adapter !== undefined) return adapter;
  const described = isRead ? describeForeignFile(await readAll(places)) : 'a large model';
  return describedTensors(known, { kind: 'tensors', described });
}
