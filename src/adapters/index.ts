/** @file Adapters: the methods, how one is attached to a model, and its file. */
export type { Adapter, AdapterMethod, ParameterSpec } from './adapter.ts';
export {
  type AdapterTensors,
  type AttachedAdapter,
  type AttachOptions,
  attach,
  initialTensors,
  type PlacedAdapter,
  parameterName,
  placeAdapter,
} from './attach.ts';
export { type AdapterFile, decodeAdapterFile, encodeAdapterFile } from './file.ts';
export type { AdapterBase, AdapterTraining } from './file-metadata.ts';
export { type AdapterName, adapters, configureAdapter, isAdapterName } from './registry.ts';
