/** @file Inspects a file of tensors: a whole model, an adapter of any tool, a checkpoint of a run, or anything else. */
import { isAdapterMetadata } from '../../../adapters/file/file-metadata.ts';
import { describeForeignFile } from '../../../adapters/file/foreign-file.ts';
import { isCheckpoint } from '../../../models/single-file/kinds.ts';
import { openAdapter } from '../../../pipeline/adapters/adapter-file.ts';
import { openTensorFile } from '../../../storage/weights/tensor-file.ts';
import { inspectAdapter } from './adapter-finding.ts';
import type { Finding } from './finding.ts';
import { inspectSingleFile } from './single-file-finding.ts';
import {
  describedTensors,
  readAll,
  summariseTensors,
  type TensorSummary,
  tensorFacts,
  tensorWarnings,
} from './tensors.ts';

/** Files up to this are read whole to tell other tools' adapters. */
const largestAdapter = 1e9;

/**
 * Inspects a file of tensors.
 *
 * @param base to read an adapter for
 * @throws FormatError where it is broken
 */
export async function inspectTensorFile(path: string, base?: string): Promise<Finding> {
  const { metadata, places } = await openTensorFile(path);
  const summary = await summariseTensors(places);
  if ('krona.checkpoint' in metadata) return inspectCheckpoint(summary);
  if (isCheckpoint(places)) return await inspectSingleFile(path, { places, metadata, summary });
  const isOurs = isAdapterMetadata(metadata);
  if (isOurs && summary.notFinite.length > 0) return brokenAdapter(summary);
  const isRead = isOurs || summary.bytes <= largestAdapter;
  const adapter = isRead ? await inspectAdapter(path, await openAdapter(path), base) : undefined;
  if (adapter !== undefined) return adapter;
  const described = isRead ? describeForeignFile(await readAll(places)) : 'a large model';
  return describedTensors({ places, metadata, summary, described });
}

/** Numbers that no reader accepts, so that nothing else of the file can be shown. */
function brokenAdapter(summary: TensorSummary): Finding {
  return {
    kind: 'adapter',
    title: 'an adapter of ours with broken numbers',
    facts: tensorFacts(summary),
    details: { summary },
    warnings: tensorWarnings(summary),
  };
}

function inspectCheckpoint(summary: TensorSummary): Finding {
  return {
    kind: 'checkpoint',
    title: 'a checkpoint of a run: parameters and the state of the optimiser',
    facts: tensorFacts(summary),
    details: { summary },
    warnings: tensorWarnings(summary),
    next: ['go on with its run: krona train --resume RUN, the folder two levels above'],
  };
}
