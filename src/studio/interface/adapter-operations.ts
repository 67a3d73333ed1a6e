/** @file Interface of Studio: adapter files, of runs and beside them. */
import type { AdapterInspection } from '../../inspect/adapter-inspection.ts';
import type { GridPlan } from '../../plan/plan.ts';
import type { UsedAdapter } from './drawing-operations.ts';
import type { Change, Look, Settings } from './operation-shapes.ts';

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

export interface ConvertTarget {
  /** What settings call it. */
  readonly name: string;
  /** "ComfyUI", "A1111". */
  readonly tools: readonly string[];
  readonly description: string;
}

/** A file that was made, to be downloaded at `/downloads/ID`. */
export interface MadeFile {
  readonly download: string;
  readonly name: string;
  readonly bytes: number;
  readonly notes: readonly string[];
}

export interface AdapterOperations {
  readonly 'adapters.list': Look<Record<never, never>, readonly AdapterSummary[]>;
  readonly 'adapters.inspect': Look<{ readonly id: string }, AdapterInspection>;
  readonly 'adapters.targets': Look<Record<never, never>, readonly ConvertTarget[]>;
  /** Settings of converting, without files. */
  readonly 'adapters.convert': Change<
    { readonly id: string; readonly settings: Settings },
    MadeFile
  >;
  /** Several adapters as one. */
  readonly 'adapters.merge': Change<
    {
      readonly adapters: readonly UsedAdapter[];
      readonly name: string;
      readonly settings: Settings;
    },
    AdapterSummary
  >;
  /** What a tuned model learned, as an adapter; both models by their names or places on this machine. */
  readonly 'adapters.extract': Change<
    {
      readonly base: string;
      readonly tuned: string;
      readonly name: string;
      readonly settings: Settings;
    },
    AdapterSummary
  >;
  readonly 'adapters.grid': Look<{ readonly base: string; readonly settings: Settings }, GridPlan>;
}
