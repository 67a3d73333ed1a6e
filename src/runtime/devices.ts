/** @file The devices that ONNX Runtime may compute on, and what has to be known of each. */
import { defaultTarget, type Target } from '../graph/index.ts';
import type { DeviceLimits, DeviceName } from '../platform/onnx/engine.ts';

export type { DeviceName } from '../platform/onnx/engine.ts';

export interface Device {
  /** How programs are written for it. */
  readonly target: Target;
  /** Whether weights may stay in their file's pages and precision, whatever it takes; a device with memory of its own needs a copy. */
  readonly weightsInPlace: boolean;
}

/** The fastest comes last. */
export const devices = {
  cpu: { target: defaultTarget, weightsInPlace: true },
  webgpu: {
    target: {
      // It was off by a tenth from 32 queries on (docs/pitfalls.md).
      fusedAttention: false,
      // Every adapter binds 128 MB (the default of maxStorageBufferBindingSize); programs do not depend on which it is.
      largestValue: 2 ** 27,
    },
    weightsInPlace: false,
  },
  cuda: { target: { fusedAttention: true }, weightsInPlace: false },
} as const satisfies Record<DeviceName, Device>;

/** How programs are written for a device that takes so much. */
export function targetOn(device: DeviceName, limits?: DeviceLimits): Target {
  const { target }: Device = devices[device];
  if (limits === undefined) return target;
  const { largestValue = Number.POSITIVE_INFINITY } = target;
  return { ...target, largestValue: Math.min(largestValue, limits.valueBytes) };
}

/**
 * Whether weights in half precision are kept so, and widened where they are used. A graphics device that cannot is given
 * float32, which ONNX Runtime makes of them beforehand in its own memory.
 */
export function keepsHalfFloats(device: DeviceName, limits?: DeviceLimits): boolean {
  return limits?.halfFloats ?? devices[device].weightsInPlace;
}

/** What a user may ask for; `auto` is the fastest that works. */
export const deviceChoices = ['cpu', 'webgpu', 'cuda', 'auto'] as const;

export type DeviceChoice = (typeof deviceChoices)[number];
