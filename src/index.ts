/** @file The package's public names. */
/// <reference lib="esnext.disposable" preserve="true" />

export type { KroneckerLayout } from './adapters/algebra/kronecker.ts';
export type { AdapterBase, AdapterTraining } from './adapters/index.ts';
export type { FormOptions } from './api/adapter-form.ts';
export type { Host } from './api/call/call-host.ts';
export {
  type ErrorCodeOf,
  type ErrorOf,
  isErrorOf,
  type OperationName,
} from './api/call/error-of.ts';
export type { FileContent, PictureSource } from './api/call/picture-source.ts';
export type { Work } from './api/call/work.ts';
export {
  type Converted,
  type ConvertedMethod,
  type ConvertOptions,
  convert,
} from './api/converting.ts';
export { type EvaluateOptions, evaluate, type GivenEvaluation } from './api/evaluating.ts';
export {
  type Extracted,
  type ExtractForm,
  type ExtractOptions,
  extract,
} from './api/extracting.ts';
export { type DrawnPicture, type DrawnPictures, generate, upscale } from './api/generating.ts';
export {
  type AdapterUse,
  type DrawOptions,
  loadPipeline,
  type Pipeline,
  type PipelineAdapter,
  type PipelineOptions,
} from './api/load-pipeline.ts';
export { inspect, type PlanOptions, plan } from './api/looking.ts';
export {
  type MergeIntoAdapter,
  type MergeIntoModel,
  type MergingEvent,
  merge,
  type WeightedAdapter,
} from './api/merging.ts';
export type { PicturesEvaluation, RunEvaluation } from './api/options/evaluate-settings.ts';
export type { GenerateOptions } from './api/options/generate-settings.ts';
export type {
  BlipDiffusionOptions,
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
export type { UpscaleOptions } from './api/options/upscale-settings.ts';
export { publish } from './api/publishing.ts';
export { writeReport } from './api/reporting.ts';
export { type SweepOptions, sweep } from './api/sweeping.ts';
export {
  type FindRateOptions,
  findRate,
  resume,
  type TrainOptions,
  train,
} from './api/training.ts';
export { VERSION } from './api/version-text.ts';
export type { ErrorCode } from './base/derived/error-codes.ts';
export type { Environment } from './base/environment.ts';
export {
  AdapterError,
  ConfigError,
  DataError,
  FormatError,
  KronaError,
  type KronaErrorOptions,
  ModelError,
  RunError,
  ShapeError,
  SystemError,
} from './base/errors.ts';
export type { Listener, NoteEvent } from './base/listener.ts';
export type { FittingEvent } from './convert/adapter-in-form.ts';
export type { ExtractEvent } from './convert/extract.ts';
export type { Form } from './convert/forms.ts';
export type { SiteError } from './convert/site-errors.ts';
export type { TargetName } from './convert/targets.ts';
export { encodePng, type Image } from './data/image.ts';
export type { Skipped } from './data/image-folder.ts';
export type { ForeignFormat, Tolerance } from './exchange/index.ts';
export type { Loading } from './exchange/tools/loaders.ts';
export type { EvaluateEvent } from './experiments/evaluate/evaluate-options.ts';
export type { Evaluated, Evaluation } from './experiments/evaluate/evaluation.ts';
export type { ReportFiles, ReportOptions } from './experiments/report/write-report.ts';
export { openStore } from './experiments/store/open-store.ts';
export type { ResultStore } from './experiments/store/result-store.ts';
export type { SweepResults } from './experiments/sweep/run/results.ts';
export type { SweepEvent, SweepOutcome } from './experiments/sweep/run/run-sweep.ts';
export type {
  EngineEvent,
  EngineHost,
  ScoringTask,
  Task,
  TaskEngine,
  TaskProgress,
  TaskSubject,
  TrainingTask,
} from './experiments/sweep/work/worker-protocol.ts';
export type { Generated } from './generate/generate.ts';
export type { GenerateEvent } from './generate/generate-options.ts';
export type { Upscaled } from './generate/upscale/upscale.ts';
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
export type { Combination } from './merge/combine-adapters.ts';
export type { JoinedAdapters, MergeRule } from './merge/join-adapters.ts';
export type { MergedInto } from './merge/merge-into-model.ts';
export type { MergedDType } from './merge/output-tensor.ts';
export type { MergeEvent } from './merge/write-tensors.ts';
export type { DriftScores, DriftSummary } from './metrics/drift.ts';
export type { Interval } from './metrics/mean-interval.ts';
export type { EvaluationPrompt, SubjectType } from './metrics/prompts.ts';
export type { PictureScores, PromptDiversity, RealSimilarity } from './metrics/score-subject.ts';
export type { Means, Metric, MetricSummary, Summary } from './metrics/summary.ts';
export type { FamilyName } from './models/families.ts';
export type { FactorGrid, GridEntry } from './plan/factor-grid.ts';
export type {
  AdapterPlan,
  BudgetPlan,
  GridPlan,
  Plan,
  PlanEvent,
  PlannedBase,
} from './plan/plan.ts';
export type { PlannedMemory } from './plan/planned-memory.ts';
export type { DrawingToPlan, OperationPair, PlannedOperations } from './plan/planned-operations.ts';
export type { BlockGroup, ProjectionGroup } from './plan/site-groups.ts';
export type { BudgetEntry } from './plan/size-budget.ts';
export type { Published, PublishOptions } from './publish/publish.ts';
export type { PublishedContent } from './publish/published-files.ts';
export type { UploadEvent, Uploaded } from './publish/upload.ts';
export type { DeviceChoice } from './runtime/index.ts';
export type { HubEvent, HubHost } from './storage/hub/hub-events.ts';
export type { StoredDType } from './tensor/half.ts';
export type { CountedPhase, RecordedEvent, TrainEvent } from './train/events.ts';
export { type RunCommand, tellRun } from './train/folder/orders.ts';
export type { RunRecord } from './train/folder/run-folder.ts';
export { type RunOwner, type RunState, runState } from './train/folder/run-state.ts';
export type { RunResult } from './train/proceed.ts';
export type { FindRateEvent, FoundRate } from './train/rates/find-rate.ts';
export type { RatePoint, SuggestedRates } from './train/rates/suggested-rate.ts';
export type { ResumeOptions } from './train/run.ts';
