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
export type { Listener } from './base/listener.ts';
export { evaluatePictures } from './experiments/evaluate/evaluate-pictures.ts';
export { evaluateRun } from './experiments/evaluate/evaluate-run.ts';
export { writeReport } from './experiments/report/write-report.ts';
export { openStore } from './experiments/store/open-store.ts';
export type { ResultStore } from './experiments/store/result-store.ts';
export { planSweep } from './experiments/sweep/plan/plan-sweep.ts';
export { runSweep, type SweepEvent } from './experiments/sweep/run/run-sweep.ts';
export { readSpec } from './experiments/sweep/spec/read-spec.ts';
export type { TaskEngine } from './experiments/sweep/work/task-engine.ts';
export { type Generated, type GenerateHost, generate } from './generate/generate.ts';
export type { GenerateEvent, GenerateOptions } from './generate/generate-options.ts';
export { mergeCheckpoint } from './merge/merge-checkpoint.ts';
export { openAdapter } from './pipeline/adapters/adapter-file.ts';
export type { NoiseRange, TrainedAdapter } from './pipeline/adapters/trained-adapter.ts';
export { type BaseModel, openBaseModel } from './pipeline/base/base-model.ts';
export { type TextToImage, textToImage } from './pipeline/draw/text-to-image.ts';
export type { TrainEvent } from './train/events.ts';
export { type RunCommand, tellRun } from './train/folder/orders.ts';
export { type RunState, runState } from './train/folder/run-state.ts';
export type { TrainHost } from './train/host.ts';
export type { RunResult } from './train/proceed.ts';
export { type ResumeOptions, resumeRun, startRun } from './train/run.ts';
export type { TrainOptions } from './train/train-options.ts';
