/** @file What a graphics device does not take of a model, before any of it is there. */
import { sizeText } from '../../base/byte-size.ts';
import { ConfigError } from '../../base/errors.ts';
import {
  byteSize,
  formatType,
  largestValues,
  type Program,
  type Value,
} from '../../graph/index.ts';
import type { ModelWeights } from '../../models/weights.ts';
import type { DeviceLimits } from '../../runtime/index.ts';

/**
 * Bytes that ONNX Runtime's own memory grows by for each byte of half precision that it widens while a session opens,
 * although what comes of it lies on the device: 298 MiB for 96 MiB of weights.
 */
const widenedPerByte = 3.1;

/** What is computed with weights, at any size. */
export interface WeighedProgram {
  readonly weights: ModelWeights;
  readonly program: Program;
}

/** Whether a device takes every value that a program computes. */
export function isWithin(program: Program, { valueBytes, bufferBytes }: DeviceLimits): boolean {
  const { computed, any } = largestValues(program);
  return bytesOf(computed) <= valueBytes && bytesOf(any) <= bufferBytes;
}

/** What is said of values that a device does not take. */
export function lackOf({ valueBytes }: DeviceLimits): string {
  return `holds values that the graphics device does not take (at most ${limitText(valueBytes)} in one piece)`;
}

/** What is asked of a device: weights of what model, and what may be taken of other memory for them. */
export interface Weighed {
  /** The model, for messages. */
  readonly name: string;
  readonly parts: readonly WeighedProgram[];
  /** Bytes that ONNX Runtime may have for itself. */
  readonly available: number;
}

/**
 * Refuses a model whose weights a device does not take, whatever is computed with them.
 *
 * @throws ConfigError DEVICE_LIMITS
 */
export function requireWeightsWithin(
  limits: DeviceLimits,
  { name, parts, available }: Weighed,
): void {
  for (const { weights, program } of parts) {
    const { fixed } = largestValues(program);
    if (fixed !== undefined && byteSize(fixed) > limits.valueBytes) {
      throw new ConfigError(
        'DEVICE_LIMITS',
        `base: of ${name}, ${fixed.node.location} is ${formatType(fixed)}, which takes ${sizeText(byteSize(fixed))}; the graphics device takes at most ${limitText(limits.valueBytes)} in one piece. Use \`device: cpu\`, or a smaller model`,
      );
    }
    const widened = limits.halfFloats ? 0 : widenedPerByte * halfBytes(weights);
    if (widened > available) {
      throw new ConfigError(
        'DEVICE_LIMITS',
        `base: of ${name}, the ${weights.what} is ${sizeText(halfBytes(weights))} in half precision, which the graphics device does not compute with (shader-f16 is missing); to widen it takes ${sizeText(widened)} of memory, there are ${sizeText(available)}. Use \`device: cpu\`, a smaller model, or one whose files are float32`,
      );
    }
  }
}

/** Rounded down, so that nothing is said to fit that does not. */
function limitText(bytes: number): string {
  return `${Math.floor(bytes / 1e6)} MB`;
}

function halfBytes({ places }: ModelWeights): number {
  const entries = [...places.values()].map(({ entry }) => entry);
  return entries.reduce((sum, { dtype, byteLength }) => {
    return dtype === 'f16' || dtype === 'bf16' ? sum + byteLength : sum;
  }, 0);
}

function bytesOf(value: Value | undefined): number {
  return value === undefined ? 0 : byteSize(value);
}
