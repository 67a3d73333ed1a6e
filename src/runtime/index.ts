/** @file Sessions over ONNX Runtime. */
export type { Engine, EngineOptions, EngineSession } from '../platform/onnx/engine.ts';
export { type ChosenDevice, chooseDevice, workingDevices } from './choose-device.ts';
export { type DeviceChoice, type DeviceName, deviceChoices, devices } from './devices.ts';
export { MatrixProducts } from './matrix-products.ts';
export { productRate } from './product-rate.ts';
export { type CompiledSegment, SegmentedSession } from './segmented-session.ts';
export { type Outputs, openSession, type Session, type SessionOptions } from './session.ts';
