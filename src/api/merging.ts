/** @file `merge`: adapters into a model, or several adapters into one. */
import * as z from 'zod';
import type { NoteEvent } from '../base/listener.ts';
import type { FittingEvent } from '../convert/adapter-in-form.ts';
import { tolerances } from '../exchange/index.ts';
import { adapterRequestSchema } from '../generate/adapter-request.ts';
import {
  type JoinedAdapters,
  type JoinOptions,
  joinAdapters,
  mergeRules,
} from '../merge/join-adapters.ts';
import {
  type MergedInto,
  type ModelMergeOptions,
  mergeIntoModel,
} from '../merge/merge-into-model.ts';
import { mergedDTypes } from '../merge/output-tensor.ts';
import type { MergeEvent } from '../merge/write-tensors.ts';
import type { HubEvent } from '../storage/hub/hub-events.ts';
import { completeForm, type FormOptions, formSchema } from './adapter-form.ts';
import { beginWith, type Host } from './call/call-host.ts';
import { checked, named } from './call/checked.ts';
import type { Work } from './call/work.ts';

/** How far it is: by bytes of a model, by sites of an adapter. */
export type MergingEvent = MergeEvent | FittingEvent | NoteEvent;

/** An adapter and how strong it is. */
export interface WeightedAdapter {
  /** A file, or a run's or another tool's folder. */
  readonly file: string;
  /** @default 1 */
  readonly strength?: number | undefined;
  /** Strengths of their own for sites that match a pattern, the last match winning. */
  readonly strengths?: Readonly<Record<string, number>> | undefined;
}

/** Adapters into the weights of a model that needs them no longer. */
export interface MergeIntoModel extends Omit<ModelMergeOptions, 'adapters'> {
  readonly into: 'model';
  readonly adapters: readonly WeightedAdapter[];
}

/** One adapter that does what several do. */
export interface MergeIntoAdapter extends Omit<JoinOptions, 'adapters' | 'form'> {
  readonly into: 'adapter';
  readonly adapters: readonly WeightedAdapter[];
  /** @default what holds them exactly */
  readonly form?: FormOptions | undefined;
}

/**
 * Merges adapters of any tools.
 *
 * @throws ConfigError OUT_EXISTS, BASE_NEEDED, NO_SINGLE_FILE, WORDS_NEED_FOLDER, TOKEN_TWICE, NOTHING_TO_COMBINE, MERGE_SITES, MERGE_SUBJECT; AdapterError, FormatError
 * @throws the signal's reason; then nothing is left behind
 * @example
 * ```ts
 * const dog = { file: 'dog.safetensors', strength: 0.8 };
 * await merge({ into: 'model', adapters: [dog], base: 'models/my-sd', out: 'dog-model' });
 * await merge({ into: 'adapter', adapters: [dog, { file: 'style.safetensors' }], out: 'both.safetensors' });
 * ```
 */
export function merge(
  options: MergeIntoModel,
  host?: Host<MergingEvent>,
): Work<MergingEvent | HubEvent, MergedInto>;
export function merge(
  options: MergeIntoAdapter,
  host?: Host<MergingEvent>,
): Work<MergingEvent | HubEvent, JoinedAdapters>;
export function merge(
  options: MergeIntoModel | MergeIntoAdapter,
  host: Host<MergingEvent> = {},
): Work<MergingEvent | HubEvent, MergedInto | JoinedAdapters> {
  return beginWith(host, async (complete) => {
    if (options?.into === 'model') {
      return await mergeIntoModel(checked(intoModel, options, 'merging'), complete);
    }
    const { form, ...asked } = checked(intoAdapter, options, 'merging');
    return await joinAdapters({ ...asked, form: form && completeForm(form) }, complete);
  });
}

const common = z.strictObject({
  into: z.enum(['model', 'adapter']),
  adapters: z.array(adapterRequestSchema).min(1),
  out: named,
  base: named.optional(),
  tolerate: z.array(z.enum(tolerances)).optional(),
});
const intoModel = common.extend({
  ema: z.boolean().optional(),
  dtype: z.enum(mergedDTypes).optional(),
});
const intoAdapter = common.extend({
  form: formSchema.optional(),
  how: z.enum(mergeRules).optional(),
  captions: named.optional(),
});
