/** @file Converting an adapter of any tool, for the base that it is for. */
import type { Listener, NoteEvent } from '../base/listener.ts';
import type { Tolerance } from '../exchange/index.ts';
import { openAdapter } from '../pipeline/adapters/adapter-file.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import type { FittingEvent } from './adapter-in-form.ts';
import { adapterWithBase } from './adapter-with-base.ts';
import { type Conversion, type ConvertOptions, convertAdapter } from './convert.ts';

export interface ConvertFromOptions extends Omit<ConvertOptions, 'file' | 'base'> {
  /** A file, a run's or another tool's folder, or the bytes of a file. */
  readonly adapter: string | Uint8Array;
  /** A family, or a model. @default as the file says */
  readonly base?: string | undefined;
  readonly tolerate?: readonly Tolerance[] | undefined;
}

export interface ConvertFromHost {
  readonly hub: HubHost;
  readonly listener: Listener<FittingEvent | NoteEvent>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens an adapter, converts it and writes it, whole or not at all.
 *
 * @throws ConfigError BASE_UNKNOWN, or as convertAdapter; AdapterError or FormatError of the file; the signal's reason
 */
export async function convertFrom(
  { adapter, base: name, tolerate = [], ...conversion }: ConvertFromOptions,
  { hub, listener, signal }: ConvertFromHost,
): Promise<Conversion> {
  const unplaced = await openAdapter(adapter);
  const choice = { base: name, host: hub, tolerate };
  const { opened, base, notes } = await adapterWithBase(unplaced, choice);
  signal?.throwIfAborted();
  for (const message of notes) listener({ type: 'note', message });
  // A file of another tool does not say what it is for.
  const named = { ...opened.file, base: { name: base.name, sites: base.sites.length } };
  const file = opened.format === 'krona' ? opened.file : named;
  return await convertAdapter({ ...conversion, file, base }, { listener, signal });
}
