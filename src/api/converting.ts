/** @file `convert`: an adapter of any tool in the format of another one. */
import type { PlacedAdapter } from '../adapters/index.ts';
import type { NoteEvent } from '../base/listener.ts';
import type { FittingEvent } from '../convert/adapter-in-form.ts';
import { adapterWithBase } from '../convert/adapter-with-base.ts';
import { type ConvertOptions as Conversion, convertAdapter } from '../convert/convert.ts';
import type { SiteError } from '../convert/site-errors.ts';
import { type TargetName, targetOf } from '../convert/targets.ts';
import type { Tolerance } from '../exchange/index.ts';
import { openAdapter } from '../pipeline/adapters/adapter-file.ts';
import type { HubEvent } from '../storage/hub/hub-events.ts';
import { completeForm, type FormOptions } from './adapter-form.ts';
import { completeHost, type Host } from './call-host.ts';
import { begin, type Work } from './work.ts';

export interface ConvertOptions extends Pick<Conversion, 'dtype' | 'blocks'> {
  /** The adapter: a file, a run's or another tool's folder, or the bytes of a file. */
  readonly adapter: string | Uint8Array;
  /** The format to write. */
  readonly to: TargetName;
  /** A new file that ends in .safetensors, or a new folder. */
  readonly out: string;
  /** The form to bring it into. @default as it is, which formats that cannot hold it refuse */
  readonly form?: FormOptions | undefined;
  /** What it is for: a family (`sd15`, `sd21`, `sdxl`), or a model. @default as the file says */
  readonly base?: string | undefined;
  /** What to overlook in files of other tools. @default nothing */
  readonly tolerate?: readonly Tolerance[] | undefined;
}

/** A method that a converted adapter has, and at how many sites. */
export interface ConvertedMethod {
  readonly method: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly sites: number;
}

export interface Converted {
  /** Of the files that were written. */
  readonly paths: readonly string[];
  readonly methods: readonly ConvertedMethod[];
  /** What each site lost, as read again; undefined where only weights of the base could tell, which a family lacks. */
  readonly errors: readonly SiteError[] | undefined;
}

/**
 * Writes an adapter in another format, whole or not at all.
 *
 * @throws AdapterError FORMAT_UNFIT with the forms that the format can hold; ConfigError OUT_EXISTS, BASE_UNKNOWN
 * @example
 * ```ts
 * await convert({ adapter: 'runs/dog', to: 'kohya', out: 'dog-comfyui.safetensors' });
 * ```
 */
export function convert(
  { adapter, to, out, form, base: name, tolerate = [], ...precision }: ConvertOptions,
  host: Host<FittingEvent | NoteEvent> = {},
): Work<FittingEvent | NoteEvent | HubEvent, Converted> {
  return begin(async (tell) => {
    const { hub, listener, signal } = completeHost(host, tell);
    const unplaced = await openAdapter(adapter);
    const { opened, base, notes } = await adapterWithBase(unplaced, {
      ...{ base: name, host: hub, tolerate: [...tolerate] },
    });
    for (const message of notes) listener({ type: 'note', message });
    const file =
      opened.format === 'krona'
        ? opened.file
        : { ...opened.file, base: { name: base.name, sites: base.sites.length } };
    const wanted = form && completeForm(form, targetOf(to).layout);
    const options = { file, to, out, base, form: wanted, ...precision };
    const { paths, placed, errors } = await convertAdapter(options, { listener, signal });
    return { paths, methods: placed.map(methodOf), errors };
  });
}

function methodOf({ adapter: { method, options }, sites }: PlacedAdapter): ConvertedMethod {
  return { method, options, sites: sites.length };
}
