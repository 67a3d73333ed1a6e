/** @file What the benchmarks take. */
import { InvalidArgumentError } from 'commander';
import type { BasePrecision } from '../src/pipeline/precision/base-precision.ts';

export interface BenchOptions {
  /** As `krona --base`. */
  readonly base: string;
  /** Side of the pictures in pixels; undefined is what the model was trained at. */
  readonly resolution: number | undefined;
  readonly batch: number;
  /** As `krona train --memory`, for a training step. */
  readonly memory?: string | undefined;
  /** Of a training step. @default those of `krona train` */
  readonly targets?: readonly string[] | undefined;
  readonly adapterOptions?: Readonly<Record<string, unknown>> | undefined;
  /** As `krona --base-precision`, for a training and a denoising step. @default 'stored' */
  readonly basePrecision?: BasePrecision | undefined;
}

/** Something that is measured: made once, run several times. */
export interface Subject extends AsyncDisposable {
  /** Floating-point operations of one run, where a graph is what runs. */
  readonly flops?: number;
  run(): Promise<void>;
}

/** Makes a subject; `profile` is the prefix of a trace of its runs. */
export type OpenSubject = (options: BenchOptions, profile?: string) => Promise<Subject>;

/** Reads the value of a flag: a positive whole number. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}
