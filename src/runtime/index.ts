/** @file Sessions over ONNX Runtime. */

export type { CompiledProgram, Target, ValueType } from '../graph/index.ts';
export type {
  DeviceLimits,
  Engine,
  EngineOptions,
  EngineSession,
} from '../platform/onnx/engine.ts';
export type { Matrix64, ProductRequest } from '../tensor/products.ts';
export type { DType, Shape, Storage, Tensor } from '../tensor/tensor.ts';
export { type ChosenDevice, chooseDevice, workingDevices } from './choose-device.ts';
export {
  type DeviceChoice,
  type DeviceName,
  deviceChoices,
  devices,
  keepsHalfFloats,
  targetOn,
} from './devices.ts';
export { MatrixProducts } from './matrix-products.ts';
export { productRate } from './product-rate.ts';
export { type CompiledSegment, SegmentedSession } from './segmented-session.ts';
export { type Outputs, openSession, type Session, type SessionOptions } from './session.ts';
