/** @file What a session needs of ONNX Runtime, in Node or in a browser. */
import type { Tensor } from '../../tensor/tensor.ts';

/** By the names that ONNX Runtime has for their execution providers. */
export type DeviceName = 'cpu' | 'webgpu' | 'cuda';

/** What a graphics device takes, as its adapter tells. */
export interface DeviceLimits {
  /** Bytes of the largest value that kernels read or write as a whole (maxStorageBufferBindingSize). */
  readonly valueBytes: number;
  /** Bytes of the largest buffer (maxBufferSize). */
  readonly bufferBytes: number;
  /** Whether it computes with half floats (shader-f16). */
  readonly halfFloats: boolean;
}

/** Creates sessions; one per build of ONNX Runtime. */
export interface Engine {
  readonly name: string;
  /** Why a device cannot be there, and how to get it; undefined where opening a session may be tried. */
  missing(device: DeviceName): Promise<string | undefined>;
  /** The name of a device that is there and computes in software; undefined where it does not, or does not tell. */
  softwareAdapter(device: DeviceName): Promise<string | undefined>;
  /** What a device takes; undefined where nothing limits it beside its memory, or it does not tell. */
  limits(device: DeviceName): Promise<DeviceLimits | undefined>;
  /**
   * Opens a model on a device and runs it on zeros, where neither a crash nor what drivers print does any harm.
   *
   * @returns the milliseconds of a run, or why there was none
   */
  trial(model: Uint8Array, device: DeviceName): Promise<number | string>;
  open(model: Uint8Array, options: EngineOptions): Promise<EngineSession>;
}

export interface EngineOptions {
  /** @default 'cpu' */
  readonly device?: DeviceName;
  /** Real path of the folder that the model's weight locations are relative to. */
  readonly weightsFolder?: string;
  /** The files below it that the model refers to, for engines that cannot look for them themselves. */
  readonly weightFiles?: readonly string[];
  /**
   * Keep weights in their file's precision and pages instead of folding them into float32 copies: slower by a cast
   * per use, smaller by twice the file. For models of real size.
   * @default false
   */
  readonly weightsInPlace?: boolean;
  /**
   * Weights of eight bits are multiplied in integers, for which they are kept in the order that kernels want, also where
   * weights stay in place.
   * @default false
   */
  readonly eightBitProducts?: boolean;
  /**
   * Have such weights turned from signed to unsigned, whose sums are exact on processors that add two products in 16 bits;
   * on all others that takes twice the time.
   * @default false
   */
  readonly unsignedWeights?: boolean;
  /**
   * Keep freed memory for the next run. Without it a session holds less between runs and is a little slower.
   * @default true
   */
  readonly arena?: boolean;
  /** @default all processors */
  readonly threads?: number;
  /** Prefix of a Chrome trace that is written when the session is disposed of. */
  readonly profile?: string;
}

/** A loaded model. */
export interface EngineSession {
  run(inputs: ReadonlyMap<string, Tensor>): Promise<Map<string, Tensor>>;
  release(): Promise<void>;
}
