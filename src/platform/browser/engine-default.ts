/** @file The engine that computes where none is asked for. */
export { webEngine as defaultEngine } from './onnx/web-engine.ts';
