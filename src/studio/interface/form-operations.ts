/** @file Interface of Studio: forms made of the schemas, and what their values would do. */
import type { Look, Settings } from './operation-shapes.ts';

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
  /** As the command calls it: `--learning-rate`. */
  readonly flag: string;
}

export interface Form {
  readonly fields: readonly FormField[];
  /** Fields of `adapterOptions`, by method; of training alone. */
  readonly methods: Readonly<Record<string, readonly FormField[]>>;
}

/** Where a value came from. */
export type ValueSource = 'given' | 'base model' | 'method' | 'default';

export interface ResolvedValue {
  readonly value: unknown;
  readonly source: ValueSource;
}

/** Something that keeps the work from beginning, or that one should know. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  /** The setting that it is about, where it is one. */
  readonly key?: string;
}

/** What a training would be. */
export interface TrainPreview {
  /** The command that does the same, to be pasted. */
  readonly command: string;
  /** Every setting, complete; empty where the settings are refused. */
  readonly values: Readonly<Record<string, ResolvedValue>>;
  /** Undefined where the settings are refused. */
  readonly plan: TrainFigures | undefined;
  readonly problems: readonly Problem[];
}

export interface TrainFigures {
  readonly sites: number;
  readonly parameters: number;
  readonly fileBytes: { readonly f32: number; readonly f16: number };
  readonly memoryBytes: number | undefined;
  readonly diskBytes: number | undefined;
  /** Estimated of the machine, or measured on an earlier run of the same kind; undefined where nothing is known. */
  readonly seconds: number | undefined;
}

export interface FormOperations {
  readonly 'forms.get': Look<{ readonly form: FormName }, Form>;
  /** `images` is the id of a data set. */
  readonly 'plan.train': Look<{ readonly settings: Settings }, TrainPreview>;
}
