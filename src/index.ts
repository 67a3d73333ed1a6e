/** @file The package's public names. */
/// <reference lib="esnext.disposable" preserve="true" />

export type { AdapterBase, AdapterTraining } from './adapters/index.ts';
export type { Host } from './api/call-host.ts';
export {
  type DrawnPicture,
  type DrawnPictures,
  generate,
} from './api/generating.ts';
export {
  type AdapterUse,
  type DrawOptions,
  loadPipeline,
  type Pipeline,
  type PipelineAdapter,
  type PipelineOptions,
} from './api/load-pipeline.ts';
export { inspect, plan } from './api/looking.ts';
export type { GenerateOptions } from './api/options/generate-settings.ts';
export type {
  CustomDiffusionOptions,
  DreamboothOptions,
  KronaOptions,
  LohaOptions,
  LokrOptions,
  LoraOptions,
  MethodSettings,
  OftOptions,
  SvdiffOptions,
  TextualInversionOptions,
} from './api/options/method-options.ts';
export type { TrainSettings } from './api/options/train-settings.ts';
export type { PictureSource } from './api/picture-source.ts';
export { resume, type TrainOptions, train } from './api/training.ts';
export type { Work } from './api/work.ts';
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
export type { Skipped } from './data/image-folder.ts';
export type { Loading } from './exchange/tools/loaders.ts';
export { evaluatePictures } from './experiments/evaluate/evaluate-pictures.ts';
export { evaluateRun } from './experiments/evaluate/evaluate-run.ts';
export { writeReport } from './experiments/report/write-report.ts';
export { openStore } from './experiments/store/open-store.ts';
export type { ResultStore } from './experiments/store/result-store.ts';
export { planSweep } from './experiments/sweep/plan/plan-sweep.ts';
export { runSweep, type SweepEvent } from './experiments/sweep/run/run-sweep.ts';
export { readSpec } from './experiments/sweep/spec/read-spec.ts';
export type { TaskEngine } from './experiments/sweep/work/task-engine.ts';
export type { Generated } from './generate/generate.ts';
export type { GenerateEvent } from './generate/generate-options.ts';
export type { SegmentPlan } from './graph/index.ts';
export type { AdapterGroup, AdapterInspection } from './inspect/adapter-inspection.ts';
export type { Export } from './inspect/adapter-loaders.ts';
export type { Outlier, SiteReport } from './inspect/adapter-sites.ts';
export type { InspectOptions } from './inspect/inspect.ts';
export type {
  FileInspection,
  FolderInspection,
  Inspection,
  JsonInspection,
  PicturesInspection,
} from './inspect/inspection.ts';
export type {
  ModelFolderInspection,
  ModelPartInspection,
  PartContent,
  SchedulerFacts,
  WeightsContent,
} from './inspect/model-inspection.ts';
export type { PictureInspection } from './inspect/picture-inspection.ts';
export type { RunInspection } from './inspect/run-inspection.ts';
export type { ModelFileInspection } from './inspect/single-file-inspection.ts';
export type { PlainInspection, TensorFileInspection } from './inspect/tensor-file-inspection.ts';
export type { TensorExample, TensorSummary, TensorsInspection } from './inspect/tensor-summary.ts';
export { mergeCheckpoint } from './merge/merge-checkpoint.ts';
export { openAdapter } from './pipeline/adapters/adapter-file.ts';
export type { NoiseRange, TrainedAdapter } from './pipeline/adapters/trained-adapter.ts';
export type { BaseModel } from './pipeline/base/base-model.ts';
export { openBaseModel } from './pipeline/base/open-base.ts';
export { type TextToImage, textToImage } from './pipeline/draw/text-to-image.ts';
export type { FactorGrid, GridEntry } from './plan/factor-grid.ts';
export type {
  AdapterPlan,
  BudgetPlan,
  GridPlan,
  Plan,
  PlanEvent,
  PlannedBase,
} from './plan/plan.ts';
export type { PlanOptions } from './plan/plan-options.ts';
export type { PlannedMemory } from './plan/planned-memory.ts';
export type { BlockGroup, ProjectionGroup } from './plan/site-groups.ts';
export type { BudgetEntry } from './plan/size-budget.ts';
export type { HubEvent, HubHost } from './storage/hub/hub-events.ts';
export type { TrainEvent } from './train/events.ts';
export { type RunCommand, tellRun } from './train/folder/orders.ts';
export type { RunRecord } from './train/folder/run-folder.ts';
export { type RunState, runState } from './train/folder/run-state.ts';
export type { RunResult } from './train/proceed.ts';
export type { ResumeOptions } from './train/run.ts';
