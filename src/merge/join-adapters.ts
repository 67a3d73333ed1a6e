/** @file Several adapters of any tools as one file. */
import { encodeAdapterFile } from '../adapters/index.ts';
import { invariant } from '../base/errors.ts';
import type { Listener, NoteEvent } from '../base/listener.ts';
import type { FittingEvent, WantedForm } from '../convert/adapter-in-form.ts';
import { type AdapterWithBase, adapterWithBase } from '../convert/adapter-with-base.ts';
import type { Tolerance } from '../exchange/index.ts';
import type { AdapterRequest } from '../generate/adapter-request.ts';
import { strengthsOf } from '../generate/adapters.ts';
import { openAdapter } from '../pipeline/adapters/adapter-file.ts';
import { baseOfAdapters } from '../pipeline/adapters/base-of-adapters.ts';
import type { TrainedAdapter } from '../pipeline/adapters/trained-adapter.ts';
import { dirname } from '../platform/paths.ts';
import { writeNewFile } from '../storage/files/atomic-file.ts';
import { createFolder } from '../storage/files/folders.ts';
import { requireNewFile } from '../storage/files/new-path.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { type CombinedAdapter, combineAdapters } from './combine-adapters.ts';
import { requireWholeRange } from './whole-range.ts';

export interface JoinOptions {
  readonly adapters: readonly AdapterRequest[];
  /** A new file. */
  readonly out: string;
  /** The form to bring all matrices into. @default what holds them exactly */
  readonly form?: WantedForm | undefined;
  /** What they are for. @default what they were trained on, or else the family of the first */
  readonly base?: string | undefined;
  readonly tolerate?: readonly Tolerance[] | undefined;
}

export interface JoinHost {
  readonly hub?: HubHost | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly listener?: Listener<FittingEvent | NoteEvent> | undefined;
}

/** One adapter of several, and the bytes of its file. */
export interface JoinedAdapters extends Pick<CombinedAdapter, 'counts' | 'errors'> {
  readonly bytes: number;
}

/**
 * Writes one adapter that does what several do.
 *
 * @throws ConfigError OUT_EXISTS, BASE_UNKNOWN, SEVERAL_WORDS, NOTHING_TO_COMBINE, RANGE_IN_MERGE; AdapterError or FormatError of a file
 */
export async function joinAdapters(
  options: JoinOptions,
  { hub = {}, listener, signal }: JoinHost = {},
): Promise<JoinedAdapters> {
  const { adapters: requests, out, form } = options;
  requireWholeRange(requests);
  await requireNewFile(out);
  const sources = await openAll(options, { hub, listener });
  const [first] = sources;
  invariant(first !== undefined, 'there are adapters to join');
  const { base } = first;
  const adapters = sources.map(({ opened: { file } }, i): TrainedAdapter => {
    const request = requests[i];
    const sites = file.placed.flatMap((placed) => placed.sites);
    return {
      ...file,
      strength: request?.strength ?? 1,
      strengths: request && strengthsOf(request, sites, 1),
    };
  });
  const combined = await combineAdapters(adapters, { ...base, form }, { signal, listener });
  const { placed, tensors, counts, errors } = combined;
  const trainings = sources.flatMap(({ opened: { file } }) => file.training ?? []);
  const [training] = trainings.length === 1 ? trainings : [];
  const bytes = encodeAdapterFile({
    placed,
    tensors,
    base: { name: base.name, sites: base.sites.length },
    ...(training === undefined ? {} : { training }),
  });
  await createFolder(dirname(out));
  await writeNewFile(out, bytes);
  return { bytes: bytes.byteLength, counts, errors };
}

/** All for one base: the one that is named, or else the family of the first. */
async function openAll(
  { adapters: requests, base: given, tolerate = [] }: JoinOptions,
  { hub, listener }: { readonly hub: HubHost; readonly listener: JoinHost['listener'] },
): Promise<readonly AdapterWithBase[]> {
  const opened = await Promise.all(requests.map(({ file }) => openAdapter(file)));
  const named = requests.map(({ file }, i) => ({ file, trainedOn: opened[i]?.trainedOn }));
  const isNamed = named.some(({ trainedOn }) => trainedOn !== undefined);
  let base = given ?? (isNamed ? baseOfAdapters(named) : undefined);
  const sources: AdapterWithBase[] = [];
  for (const unplaced of opened) {
    const source = await adapterWithBase(unplaced, { base, host: hub, tolerate });
    for (const message of source.notes) listener?.({ type: 'note', message });
    base ??= source.base.name;
    sources.push(source);
  }
  return sources;
}
