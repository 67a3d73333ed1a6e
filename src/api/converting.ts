/** @file `convert`: an adapter of any tool in the format of another one. */
import * as z from 'zod';
import type { PlacedAdapter } from '../adapters/index.ts';
import type { NoteEvent } from '../base/listener.ts';
import type { FittingEvent } from '../convert/adapter-in-form.ts';
import type { ConvertOptions as Conversion } from '../convert/convert.ts';
import { convertFrom } from '../convert/convert-from.ts';
import type { SiteError } from '../convert/site-errors.ts';
import { type TargetName, targetNames, targetOf } from '../convert/targets.ts';
import { type Tolerance, tolerances } from '../exchange/index.ts';
import type { HubEvent } from '../storage/hub/hub-events.ts';
import { storedDTypes } from '../tensor/half.ts';
import { completeForm, type FormOptions, formSchema } from './adapter-form.ts';
import { beginWith, type Host } from './call/call-host.ts';
import { checked, named, source } from './call/checked.ts';
import { type FileContent, pathOrBytes } from './call/picture-source.ts';
import type { Work } from './call/work.ts';

export interface ConvertOptions extends Pick<Conversion, 'dtype' | 'blocks'> {
  /** The adapter: a file, a run's or another tool's folder, or what is in a file. */
  readonly adapter: string | FileContent;
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
  options: ConvertOptions,
  host: Host<FittingEvent | NoteEvent> = {},
): Work<FittingEvent | NoteEvent | HubEvent, Converted> {
  return beginWith(host, async (given) => {
    const { form, ...asked } = checked(schema, options, 'converting');
    const adapter = await pathOrBytes(asked.adapter, 'adapter');
    const wanted = form && completeForm(form, targetOf(asked.to).layout);
    const conversion = { ...asked, adapter, form: wanted };
    const { paths, placed, errors } = await convertFrom(conversion, given);
    return { paths, methods: placed.map(methodOf), errors };
  });
}

const schema = z.strictObject({
  adapter: source,
  to: z.enum(targetNames),
  out: named,
  form: formSchema.optional(),
  base: named.optional(),
  tolerate: z.array(z.enum(tolerances)).optional(),
  dtype: z.enum(storedDTypes).optional(),
  blocks: z.enum(['diffusers', 'sgm']).optional(),
});

function methodOf({ adapter: { method, options }, sites }: PlacedAdapter): ConvertedMethod {
  return { method, options, sites: sites.length };
}
