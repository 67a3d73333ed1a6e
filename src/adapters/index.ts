/** @file Adapters: the methods, how they are attached to a model, and their file. */
/// <reference lib="esnext.disposable" preserve="true" />

export { TorchGenerator, type TorchGeneratorState } from '../base/torch-random.ts';
export type { OnnxAttributeValue } from '../formats/onnx.ts';
export type { TensorEntry } from '../formats/safetensors/safetensors-header.ts';
export type {
  Attribute,
  Emission,
  GradientContext,
  GradientRule,
  Graph,
  Node,
  NoGradient,
  OnnxAttributes,
  Operation,
  Target,
  Value,
  ValueType,
} from '../graph/index.ts';
export type { Site, SiteHook, SiteKind } from '../nn/index.ts';
export type { WeightPlace } from '../storage/weights/weight-place.ts';
export type { Matrix64, ProductRequest, WithProducts } from '../tensor/products.ts';
export type { DType, Shape, Storage, Tensor } from '../tensor/tensor.ts';
export type {
  AdaptedProduct,
  AdaptedSite,
  Adapter,
  AdapterMethod,
  ConstantsRule,
  FinishedRule,
  GradientStart,
  MethodDefaults,
  NewToken,
  ParameterSpec,
  SiteParameters,
  SiteTensors,
  WithGradients,
} from './adapter.ts';
export type { Initialiser } from './algebra/initial.ts';
export { type AttachedAdapters, type Attachment, attach, type Strength } from './attach.ts';
export {
  type AdapterFile,
  decodeAdapterFile,
  encodeAdapterFile,
} from './file/adapter-file-format.ts';
export type { AdapterBase, AdapterTraining } from './file/file-metadata.ts';
export { requireFinite } from './file/finite.ts';
export {
  type AdapterTensors,
  type ConstantValue,
  constantCount,
  constantName,
  initialTensors,
  type PlacedAdapter,
  parameterName,
  parameterShapes,
  placeAdapter,
  type SiteConstants,
  type SiteWeights,
  startsFromWeights,
} from './placed.ts';
export {
  type AdapterName,
  adapters,
  configureAdapter,
  isAdapterName,
  optionHint,
  requireTrainable,
  trainableAdapter,
} from './registry.ts';
export {
  finishedAdapter,
  finishedAdapters,
  fullChange,
  placeTogether,
  type SiteAdapter,
  separateSites,
} from './site-adapter.ts';
