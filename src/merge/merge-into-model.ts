/** @file Adapters of any tools merged into the model that they are for. */
import type { Listener, NoteEvent } from '../base/listener.ts';
import type { Tolerance } from '../exchange/index.ts';
import type { AdapterRequest } from '../generate/adapter-request.ts';
import { chooseAdapters, openAdapters } from '../generate/adapters.ts';
import { baseOfAdapters } from '../pipeline/adapters/base-of-adapters.ts';
import { openBaseModel } from '../pipeline/base/open-base.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { mergeCheckpoint } from './merge-checkpoint.ts';
import type { MergedDType } from './output-tensor.ts';
import { requireAnyChange } from './site-changes.ts';
import { requireWholeRange } from './whole-range.ts';
import type { MergeEvent } from './write-tensors.ts';

export interface ModelMergeOptions {
  readonly adapters: readonly AdapterRequest[];
  /** A new folder in the diffusers layout, or a new file that ends in .safetensors. */
  readonly out: string;
  /** What to merge into. @default what the adapters were trained on */
  readonly base?: string | undefined;
  /** Of a single file that holds it, the average of the UNet over its training. */
  readonly ema?: boolean | undefined;
  /** @default 'as-is' */
  readonly dtype?: MergedDType | undefined;
  readonly tolerate?: readonly Tolerance[] | undefined;
}

export interface ModelMergeHost {
  readonly hub?: HubHost | undefined;
  readonly signal?: AbortSignal;
  readonly listener?: Listener<MergeEvent | NoteEvent>;
}

/** A model with adapters in its weights. */
export interface MergedInto {
  readonly base: string;
  /** Bytes of all weights. */
  readonly bytes: number;
  /** Weights that an adapter changed. */
  readonly changed: number;
}

/**
 * Writes the model that a base is with adapters.
 *
 * @throws ConfigError RANGE_IN_MERGE, NOTHING_TO_COMBINE, or as mergeCheckpoint
 */
export async function mergeIntoModel(
  { adapters: requests, out, base: name, ema, dtype, tolerate = [] }: ModelMergeOptions,
  { hub = {}, ...host }: ModelMergeHost = {},
): Promise<MergedInto> {
  requireWholeRange(requests);
  const opened = await openAdapters({ run: undefined, adapter: [...requests] });
  const named = opened.map(({ request: { file }, opened: { trainedOn } }) => ({ file, trainedOn }));
  const base = await openBaseModel(name ?? baseOfAdapters(named) ?? 'pocket', hub, { ema });
  const chosen = await chooseAdapters(base, opened, { strength: 1, tolerate: [...tolerate] });
  for (const message of [...(base.notes ?? []), ...chosen.notes]) {
    host.listener?.({ type: 'note', message });
  }
  const adapters = chosen.adapters.map((each) => ({ ...each, file: each.request.file }));
  requireAnyChange(adapters);
  const { bytes, changed } = await mergeCheckpoint({ base, adapters, out, dtype }, host);
  return { base: base.name, bytes, changed: changed.size };
}
