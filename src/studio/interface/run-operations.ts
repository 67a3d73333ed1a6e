/** @file Interface of Studio: trainings, whoever started them. Their state is computed from their folders. */
import type { RunState } from '../../train/folder/run-state.ts';
import type { Change, Failure, Look, PictureId, Settings } from './operation-shapes.ts';

export interface RunSummary {
  readonly id: string;
  readonly name: string;
  /** "sks dog" */
  readonly subject: string;
  readonly base: string;
  readonly adapter: string;
  readonly steps: number;
  readonly state: RunState;
  /** Milliseconds since 1970 began, of the last sign of life. */
  readonly changed: number;
  /** Newest sample, or a training picture. */
  readonly thumbnail: PictureId | undefined;
  /** Of the steps to come; undefined while nothing is known. */
  readonly secondsLeft: number | undefined;
}

export interface RunSample {
  readonly step: number;
  /** Undefined of runs of earlier versions, whose pictures hold all prompts. */
  readonly prompt: string | undefined;
  /** Asked for meanwhile, outside the usual steps. */
  readonly isAsked: boolean;
  readonly picture: PictureId;
}

/** How a run broke off that works again. */
export interface Recovery {
  /** The last that was made before. */
  readonly step: number;
  /** The one that it goes on from. */
  readonly from: number;
  /** Undefined where its process vanished without a word. */
  readonly failure: Failure | undefined;
}

export interface RunDetail extends RunSummary {
  readonly settings: Settings;
  /** Data set that it learns from; undefined where its pictures lie elsewhere. */
  readonly dataset: string | undefined;
  /** What was decided without the person. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly recovery: Recovery | undefined;
  /** Steps whose state is kept. */
  readonly checkpoints: readonly number[];
  readonly samples: readonly RunSample[];
  /** Id of its adapter among the adapters; undefined until it is written. */
  readonly adapterId: string | undefined;
  /** The command that goes on with it, to be pasted; undefined where there is nothing to go on with, or no command. */
  readonly resumeCommand: string | undefined;
}

/** Series over steps, thinned to few enough to draw; steps that a resumed run made again count once. */
export interface RunCurve {
  readonly steps: readonly number[];
  readonly loss: readonly number[];
  readonly learningRate: readonly number[];
  readonly gradientNorm: readonly number[];
  /** Seconds of each step. */
  readonly seconds: readonly number[];
  readonly memoryBytes: readonly number[];
}

export interface RunOperations {
  readonly 'runs.list': Look<Record<never, never>, readonly RunSummary[]>;
  readonly 'runs.get': Look<{ readonly id: string }, RunDetail>;
  readonly 'runs.curve': Look<{ readonly id: string; readonly points: number }, RunCurve>;
  /** Answers when the process is gone. */
  readonly 'runs.stop': Change<{ readonly id: string }, RunDetail>;
  readonly 'runs.checkpoint': Change<{ readonly id: string }, null>;
  /** Draws a preview at the next step. */
  readonly 'runs.sample': Change<{ readonly id: string; readonly prompt: string }, null>;
  /** Of a run that nobody works on: its folder is removed. */
  readonly 'runs.remove': Change<{ readonly id: string }, null>;
}
