/** @file Adapters: the methods, how they are attached to a model, and their file. */
/// <reference lib="esnext.disposable" preserve="true" />
export type { Adapter, AdapterMethod, NewToken, ParameterSpec, SiteTensors } from './adapter.ts';
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
export { type AdapterName, adapters, configureAdapter, isAdapterName } from './registry.ts';
export { fullChange, placeTogether, type SiteAdapter, separateSites } from './site-adapter.ts';
