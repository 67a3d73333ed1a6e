/** @file Sessions over ONNX Runtime. */
export type { Engine, EngineOptions, EngineSession } from './engine.ts';
export { nodeEngine } from './node-engine.ts';
export { type Outputs, openSession, type Session, type SessionOptions } from './session.ts';
