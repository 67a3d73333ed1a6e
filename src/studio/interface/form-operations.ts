/** @file Interface of Studio: forms made of the schemas, and what their values would do. */
import type { Failure, Look, Settings } from './operation-shapes.ts';

export type FormName = 'train' | 'generate';

/** One setting. */
export interface FormField {
  readonly key: string;
  /** Heading that it stands under; its words are the page's. */
  readonly group: string;
  /** Who needs to see it. */
  readonly level: 'simple' | 'more' | 'all';
  /** JSON schema of the value: type, enum, bounds, items. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly description: string;
  readonly default: unknown;
  /** As the command calls it: `--learning-rate`; undefined where there is none. */
  readonly flag: string | undefined;
}

export interface Form {
  readonly fields: readonly FormField[];
  /** Fields of `adapterOptions`, by method; of training alone. */
  readonly methods: Readonly<Record<string, readonly FormField[]>>;
}

/** Where a value came from; the optimiser has usual values of its own. */
export type ValueSource = 'given' | 'base model' | 'method' | 'optimizer' | 'default';

export interface ResolvedValue {
  readonly value: unknown;
  readonly source: ValueSource;
}

/** Something that keeps the work from beginning, or that one should know. */
export interface Problem extends Failure {
  /** The setting that it is about, where it is one; `adapterOptions.a1` is an option of the method. */
  readonly key?: string;
  /** Whether it keeps the work from beginning; the others one should know. */
  readonly isBlocking: boolean;
}

/** What a training would be. */
export interface TrainPreview {
  /** The command that does the same, to be pasted; undefined where there are none. */
  readonly command: string | undefined;
  /**
   * Every setting, and as `adapterOptions.a1` every option of the method; those that are refused have the value that
   * they would have without. Empty where nothing can be planned.
   */
  readonly values: Readonly<Record<string, ResolvedValue>>;
  /** Of what is not refused; undefined where nothing can be planned. */
  readonly plan: TrainFigures | undefined;
  /** Memory and time are still being worked out: an event of `plans` says when they are there. */
  readonly isReckoning: boolean;
  readonly problems: readonly Problem[];
}

export interface TrainFigures {
  /** Weight matrices that are adapted. */
  readonly sites: number;
  /** Numbers that are trained. */
  readonly parameters: number;
  readonly fileBytes: { readonly f32: number; readonly f16: number };
  /** Of one step, on the processor. */
  readonly memoryBytes: number | undefined;
  /** Of the run, at most. */
  readonly diskBytes: number;
  /** Of all steps; undefined where nothing is known. */
  readonly seconds: number | undefined;
  /** Whether the time was measured on an earlier run of the same kind, and not estimated of the machine. */
  readonly isMeasured: boolean;
}

export interface FormOperations {
  readonly 'forms.get': Look<{ readonly form: FormName }, Form>;
  /** `images` is the id of a data set; `out`, and what else names files, is left out. */
  readonly 'plan.train': Look<
    {
      readonly settings: Settings;
      /** Of the run, where the person chose one. */
      readonly name?: string;
    },
    TrainPreview
  >;
}
