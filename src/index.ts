/** @file The package's public names. */
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
export type { GenerateEvent, GenerateOptions } from './generate/config.ts';
export { type Generated, type GenerateHost, generate } from './generate/generate.ts';
export { mergeCheckpoint } from './merge/merge-checkpoint.ts';
export { openAdapter } from './pipeline/adapter-file.ts';
export { type BaseModel, openBaseModel } from './pipeline/base-model.ts';
export { type TextToImage, textToImage } from './pipeline/text-to-image.ts';
export type { NoiseRange, TrainedAdapter } from './pipeline/trained-adapter.ts';
export type { TrainOptions } from './train/config.ts';
export type { TrainEvent } from './train/events.ts';
export { type RunResult, resumeRun, startRun, type TrainHost } from './train/train.ts';
