/** @file The devices that ONNX Runtime may compute on, and what has to be known of each. */
import { defaultTarget, type Target } from '../graph/index.ts';

export interface Device {
  /** How programs are written for it. */
  readonly target: Target;
  /** Whether weights may stay in their file's pages and precision; a device with memory of its own needs a copy. */
  readonly weightsInPlace: boolean;
}

/** By the names that ONNX Runtime has for their execution providers; the fastest comes last. */
export const devices = {
  cpu: { target: defaultTarget, weightsInPlace: true },
  // Its fused attention was off by a tenth from 32 queries on (docs/pitfalls.md).
  webgpu: { target: { fusedAttention: false }, weightsInPlace: false },
  cuda: { target: { fusedAttention: true }, weightsInPlace: false },
} as const satisfies Record<string, Device>;

export type DeviceName = keyof typeof devices;

/** What a user may ask for; `auto` is the fastest that works. */
export const deviceChoices = ['cpu', 'webgpu', 'cuda', 'auto'] as const;

export type DeviceChoice = (typeof deviceChoices)[number];
