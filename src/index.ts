/** @file The package's public names. */
/// <reference lib="esnext.disposable" preserve="true" />
export {
  AdapterError,
  ConfigError,
  DataError,
  FormatError,
  KronaError,
  ModelError,
  RunError,
  ShapeError,
  SystemError,
} from './base/errors.ts';
export type { Listener } from './base/events.ts';
export { evaluatePictures } from './experiments/evaluate-pictures.ts';
export { evaluateRun } from './experiments/evaluate-run.ts';
export { writeReport } from './experiments/report/write-report.ts';
export { openStore } from './experiments/store/open-store.ts';
export type { ResultStore } from './experiments/store/result-store.ts';
export type { TaskEngine } from './experiments/sweep/engine.ts';
export { planSweep } from './experiments/sweep/plan-sweep.ts';
export { readSpec } from './experiments/sweep/read-spec.ts';
export { runSweep, type SweepEvent } from './experiments/sweep/run-sweep.ts';
export type { GenerateEvent, GenerateOptions } from './generate/config.ts';
export { type Generated, type GenerateHost, generate } from './generate/generate.ts';
export { mergeCheckpoint } from './merge/merge-checkpoint.ts';
export { openAdapter } from './pipeline/adapter-file.ts';
export { type BaseModel, openBaseModel } from './pipeline/base-model.ts';
export { type TextToImage, textToImage } from './pipeline/text-to-image.ts';
export type { NoiseRange, TrainedAdapter } from './pipeline/trained-adapter.ts';
export type { TrainOptions } from './train/config.ts';
export type { TrainEvent } from './train/events.ts';
export type { TrainHost } from './train/host.ts';
export { type RunCommand, tellRun } from './train/orders.ts';
export type { RunResult } from './train/proceed.ts';
export { type RunState, runState } from './train/run-state.ts';
export { type ResumeOptions, resumeRun, startRun } from './train/train.ts';
