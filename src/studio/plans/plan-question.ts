/** @file What the planning processes are asked, and what they answer. */
import type { TrainConfig } from '../../train/train-options.ts';
import type { Problem, ResolvedValue } from '../interface/form-operations.ts';
import type { SmallerStep } from '../interface/machine-operations.ts';
import type { Settings } from '../interface/operation-shapes.ts';

/** Settings of training without files: pictures and the run's folder change nothing of the step. */
export type PlanQuestion =
  | { readonly ask: 'training'; readonly settings: Settings }
  /** What a step takes, which is traced for it. */
  | { readonly ask: 'step'; readonly settings: Settings };

/** What is known of a training in a moment. */
export interface PlannedTraining {
  /** Of settings that are not refused. */
  readonly values: Readonly<Record<string, ResolvedValue>>;
  readonly problems: readonly Problem[];
  /** Undefined where what is refused decides it. */
  readonly counted: CountedTraining | undefined;
}

export interface CountedTraining {
  readonly config: TrainConfig;
  readonly sites: number;
  readonly parameters: number;
  readonly fileBytes: { readonly f32: number; readonly f16: number };
  readonly diskBytes: number;
  /** Tells what `step` would answer; undefined where the step is too large to be traced. */
  readonly stepKey: string | undefined;
}

/** What one step takes. */
export interface EstimatedStep {
  /** In as few segments as stay within the memory that was given. */
  readonly memoryBytes: number;
  /** Whether this machine holds it. */
  readonly fits: boolean;
  /** Value of `memory` with which it fits; undefined where it fits without, or with none. */
  readonly memorySetting: string | undefined;
  /** The same step of smaller pictures, where it fits with them and with nothing less. */
  readonly smaller: SmallerStep | undefined;
  /** On the processor, where nothing was measured. */
  readonly secondsPerStep: number;
  /** Of one of the model's own size, on the processor; undefined where this machine does not hold its drawing. */
  readonly secondsPerPicture: number | undefined;
  /** What is wrong with `memory`, or would help. */
  readonly problem: Problem | undefined;
}

/** By what was asked. */
export type PlanAnswer = PlannedTraining | EstimatedStep;
