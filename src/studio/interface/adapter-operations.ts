/** @file Interface of Studio: adapter files, of runs and beside them. */
import type { ConvertedMethod, ConvertOptions } from '../../api/converting.ts';
import type { ExtractOptions } from '../../api/extracting.ts';
import type { MergeIntoAdapter } from '../../api/merging.ts';
import type { ErrorSummary } from '../../convert/error-summary.ts';
import type { Form } from '../../convert/forms.ts';
import type { TargetName } from '../../convert/targets.ts';
import type { AdapterInspection } from '../../inspect/adapter-inspection.ts';
import type { SiteReport } from '../../inspect/adapter-sites.ts';
import type { GridEntry } from '../../plan/factor-grid.ts';
import type { GridPlan } from '../../plan/plan.ts';
import type { UsedAdapter } from './drawing-operations.ts';
import type { Change, Look } from './operation-shapes.ts';

export interface AdapterSummary {
  readonly id: string;
  readonly name: string;
  readonly method: string | undefined;
  readonly base: string | undefined;
  /** "sks dog" */
  readonly subject: string | undefined;
  readonly parameters: number | undefined;
  readonly bytes: number;
  readonly changed: number;
  /** Run that it is the adapter of. */
  readonly run: string | undefined;
  /** Why it cannot be read. */
  readonly problem: string | undefined;
}

/** All that is known of one adapter. */
export interface AdapterDetail extends AdapterSummary {
  /** Its file, from the work folder on. */
  readonly file: string;
  /** What was found in it; undefined where it is no adapter that can be used, for which the warnings have the reason. */
  readonly found: FoundAdapter | undefined;
  readonly warnings: readonly string[];
  /** What it can be converted to. */
  readonly targets: readonly ConvertTarget[];
}

export interface FoundAdapter
  extends Omit<AdapterInspection, 'kind' | 'path' | 'bySite' | 'summary' | 'warnings'> {
  /** Where it works, in the order of its file. */
  readonly blocks: readonly AdapterBlock[];
}

/** The sites of one block of the UNet, or of a text encoder. */
export interface AdapterBlock {
  readonly block: string;
  readonly parameters: number;
  /** The median of its sites. */
  readonly size: number;
  readonly sites: readonly SiteReport[];
}

/** A format that an adapter can be converted to. */
export interface ConvertTarget {
  /** What settings call it. */
  readonly name: Exclude<TargetName, 'diff'>;
  /** What it is, in English. */
  readonly title: string;
  /** Programs that it is for. */
  readonly tools: readonly string[];
  /** Whether the format holds the adapter as it is; undefined where only converting tells. */
  readonly isExact: boolean | undefined;
  /** Forms that the format holds. */
  readonly forms: readonly Form['as'][];
}

/** Settings of converting, without files. */
export type ConvertSettings = Pick<ConvertOptions, 'to' | 'form' | 'dtype' | 'blocks'>;

/** A file that was made, to be downloaded at `/downloads/ID`. */
export interface MadeFile {
  readonly download: string;
  readonly name: string;
  readonly bytes: number;
  readonly notes: readonly string[];
  readonly methods: readonly ConvertedMethod[];
  /** Programs that load the file. */
  readonly loads: readonly string[];
  /** What the file does otherwise than the adapter; undefined where only the weights of the base could tell. */
  readonly errors: ErrorSummary | undefined;
}

/** An adapter that was made of others, or of models. */
export interface MadeAdapter {
  readonly adapter: AdapterSummary;
  readonly notes: readonly string[];
  /** What was lost; undefined where nothing was. */
  readonly errors: ErrorSummary | undefined;
}

export interface ExtractedAdapter extends MadeAdapter {
  readonly form: Form;
  /** Chosen sites that tuning left as they are. */
  readonly unchanged: number;
  /** Share of the whole squared change that the adapter cannot have, because it lies outside the chosen sites. */
  readonly outside: number;
}

/** Parameters over the sizes of the first factor, and what their files take. */
export interface FactorSizes extends Omit<GridPlan, 'entries'> {
  readonly entries: readonly SizedEntry[];
}

export interface SizedEntry extends GridEntry {
  /** Of the adapter's file, in the precision that it is trained in; null where a size does not divide a site. */
  readonly fileBytes: number | null;
}

/** An adapter that is being merged or extracted. */
export interface AdapterInMaking {
  /** That it will have. */
  readonly name: string;
  readonly phase: 'comparing' | 'fitting';
  /** Of the phase, 0 to 1. */
  readonly share: number;
}

export interface AdapterOperations {
  /** One at a time is made. */
  readonly 'adapters.making': Look<Record<never, never>, AdapterInMaking | null>;
  readonly 'adapters.list': Look<Record<never, never>, readonly AdapterSummary[]>;
  readonly 'adapters.inspect': Look<{ readonly id: string }, AdapterDetail>;
  /** Of one that is no run's: with that it goes. */
  readonly 'adapters.remove': Change<{ readonly id: string }, null>;
  readonly 'adapters.convert': Change<
    { readonly id: string; readonly settings: ConvertSettings },
    MadeFile
  >;
  /** Several adapters as one. */
  readonly 'adapters.merge': Change<
    {
      readonly adapters: readonly UsedAdapter[];
      readonly name: string;
      readonly settings: Pick<MergeIntoAdapter, 'form'>;
    },
    MadeAdapter
  >;
  /** What a tuned model learned, as an adapter; both models by names of the hub, or ids of `models.list`. */
  readonly 'adapters.extract': Change<
    {
      readonly base: string;
      readonly tuned: string;
      readonly name: string;
      readonly settings: Pick<ExtractOptions, 'form' | 'targets'>;
    },
    ExtractedAdapter
  >;
  /** Of a family, or as bases are named elsewhere. */
  readonly 'adapters.grid': Look<
    { readonly base: string; readonly settings: { readonly targets?: readonly string[] } },
    FactorSizes
  >;
}
