/** @file Sessions over ONNX Runtime. */
export { type ChosenDevice, chooseDevice, workingDevices } from './choose-device.ts';
export { type DeviceChoice, type DeviceName, deviceChoices, devices } from './devices.ts';
export type { Engine, EngineOptions, EngineSession } from './engine.ts';
export { machineMemory } from './machine-memory.ts';
export { MatrixProducts } from './matrix-products.ts';
export { nodeEngine } from './node-engine.ts';
export { productRate } from './product-rate.ts';
export { type CompiledSegment, SegmentedSession } from './segmented-session.ts';
export { type Outputs, openSession, type Session, type SessionOptions } from './session.ts';
