/** @file Several adapters of any tools as one file. */
import { encodeAdapterFile } from '../adapters/index.ts';
import { ConfigError, invariant } from '../base/errors.ts';
import type { Listener, NoteEvent } from '../base/listener.ts';
import type { FittingEvent, WantedForm } from '../convert/adapter-in-form.ts';
import { type AdapterWithBase, adapterWithBase } from '../convert/adapter-with-base.ts';
import { readPromptLines } from '../data/prompt-lines.ts';
import type { Tolerance } from '../exchange/index.ts';
import type { AdapterRequest } from '../generate/adapter-request.ts';
import { strengthsOf } from '../generate/adapters.ts';
import { openAdapter } from '../pipeline/adapters/adapter-file.ts';
import { baseOfAdapters } from '../pipeline/adapters/base-of-adapters.ts';
import { openBaseModel } from '../pipeline/base/open-base.ts';
import { dirname } from '../platform/paths.ts';
import { writeNewFile } from '../storage/files/atomic-file.ts';
import { createFolder } from '../storage/files/folders.ts';
import { requireNewFile } from '../storage/files/new-path.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { type CombinedAdapter, combineAdapters } from './combine-adapters.ts';
import {
  type MergeConceptsOptions,
  type MergedConcepts,
  mergeConcepts,
} from './concepts/merge-concepts.ts';
import type { MergedAdapter } from './metadata.ts';
import { requireWholeRange } from './whole-range.ts';

/** How adapters become one: their sum, or Custom Diffusion's closed form for subjects that were trained apart. */
export const mergeRules = ['sum', 'custom-diffusion'] as const;
export type MergeRule = (typeof mergeRules)[number];

export interface JoinOptions {
  readonly adapters: readonly AdapterRequest[];
  /** A new file. */
  readonly out: string;
  /** The form to bring all matrices into. @default what holds them exactly */
  readonly form?: WantedForm | undefined;
  /** The sum of what they change, or what keeps each to the texts of its subject. @default 'sum' */
  readonly how?: MergeRule | undefined;
  /** Of custom-diffusion: a file of texts, one a line, on which the merge shall change least. @default everyday things */
  readonly captions?: string | undefined;
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
 * @throws ConfigError OUT_EXISTS, BASE_UNKNOWN, TOKEN_TWICE, NOTHING_TO_COMBINE, RANGE_IN_MERGE, MERGE_WHAT, or as
 *   mergeConcepts; AdapterError or FormatError of a file
 */
export async function joinAdapters(
  options: JoinOptions,
  { hub = {}, listener, signal }: JoinHost = {},
): Promise<JoinedAdapters> {
  const { adapters: requests, out, form, how = 'sum' } = options;
  requireWholeRange(requests);
  requireUsed(options);
  await requireNewFile(out);
  const sources = await openAll(options, { hub, listener });
  const [first] = sources;
  invariant(first !== undefined, 'there are adapters to join');
  const { base } = first;
  const adapters = sources.map(({ opened: { file } }, i): MergedAdapter => {
    const request = requests[i];
    const sites = file.placed.flatMap((placed) => placed.sites);
    return {
      ...file,
      file: request?.file ?? '',
      strength: request?.strength ?? 1,
      strengths: request && strengthsOf(request, sites, 1),
    };
  });
  const host = { signal, listener };
  const combined: CombinedAdapter & Partial<Pick<MergedConcepts, 'training'>> =
    how === 'sum'
      ? await combineAdapters(adapters, { ...base, form }, host)
      : await mergeConcepts(adapters, await conceptOptions(options, base, hub), host);
  const trainings = sources.flatMap(({ opened: { file } }) => file.training ?? []);
  const [only] = trainings.length === 1 ? trainings : [];
  const { placed, tensors, counts, errors, training = only } = combined;
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

/** @throws ConfigError MERGE_WHAT where a setting would have no effect */
function requireUsed({ how = 'sum', form, captions }: JoinOptions): void {
  if (how !== 'sum' && form !== undefined) {
    throw new ConfigError(
      'MERGE_WHAT',
      '`form`: is of a sum; what keeps subjects to their texts is whole matrices, which can be converted afterwards',
    );
  }
  if (how === 'sum' && captions !== undefined) {
    throw new ConfigError(
      'MERGE_WHAT',
      '`captions`: a sum asks no texts; leave them out, or merge subjects with `how: custom-diffusion`',
    );
  }
}

/** Texts go through the model itself, of which a sum needs names and sizes only. */
async function conceptOptions(
  { captions }: JoinOptions,
  { name, sites }: AdapterWithBase['base'],
  hub: HubHost,
): Promise<MergeConceptsOptions> {
  const base = await openBaseModel(name, hub);
  return {
    ...{ base, sites },
    captions: captions === undefined ? undefined : await readPromptLines(captions),
  };
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
