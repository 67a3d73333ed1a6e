/** @file The engine that computes where none is asked for. */
export { nodeEngine as defaultEngine } from './onnx/node-engine.ts';
