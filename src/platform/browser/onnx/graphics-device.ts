/** @file The graphics device of this worker: found once, held until it is lost, and watched for what goes wrong on it. */
import { SystemError } from '../../../base/errors.ts';
import type { DeviceLimits } from '../../onnx/engine.ts';
import { isOfMemory } from '../../onnx/engine-failure.ts';

/** What ONNX Runtime's kernels use where the adapter has it. */
const features: readonly GPUFeatureName[] = ['shader-f16', 'subgroups'];

/** What ONNX Runtime asks an adapter for: all it has. Without asking, buffers of 128 MB would be the largest. */
const limits = [
  'maxBindGroups',
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/** Of several adapters, which. */
const fast = { powerPreference: 'high-performance' } as const;

/** Names of adapters that compute on the processor. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

/** Milliseconds within which a browser tells of the loss of a device on which work has failed. */
const untilToldOfLoss = 1000;

/** Why a page has no graphics device; undefined where it has an adapter. */
export async function missingAdapter(): Promise<string | undefined> {
  if (!('gpu' in navigator)) {
    return 'this browser has no WebGPU, or keeps it from pages without https';
  }
  return (await navigator.gpu.requestAdapter()) === null
    ? 'no graphics adapter was found'
    : undefined;
}

/** The name of the adapter where it is software; undefined where it is a graphics processor, or there is none. */
export async function softwareAdapter(): Promise<string | undefined> {
  if (!('gpu' in navigator)) return undefined;
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) return undefined;
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const name = [vendor, architecture, description].filter((part) => part !== '').join(' ');
  return isFallbackAdapter || softwareNames.test(name) ? name : undefined;
}

/** What the adapter takes that work is done on; undefined where there is none. */
export async function adapterLimits(): Promise<DeviceLimits | undefined> {
  if (!('gpu' in navigator)) return undefined;
  const adapter = await navigator.gpu.requestAdapter(fast);
  if (adapter === null) return undefined;
  const { maxStorageBufferBindingSize: valueBytes, maxBufferSize: bufferBytes } = adapter.limits;
  return { valueBytes, bufferBytes, halfFloats: adapter.features.has('shader-f16') };
}

/** A device, and what has gone wrong on it. */
export class GraphicsDevice {
  static #held: Promise<GraphicsDevice> | undefined;
  readonly device: GPUDevice;
  #loss: string | undefined;
  #fault: string | undefined;

  private constructor(device: GPUDevice) {
    this.device = device;
    // Errors that nobody waits for: without this, what follows from them would be taken for a result.
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#fault ??= error instanceof GPUOutOfMemoryError ? 'out of memory' : error.message;
    });
    void device.lost.then(({ message, reason }) => {
      this.#loss = message || reason;
      GraphicsDevice.#held = undefined;
    });
  }

  /**
   * The device of this worker, or another one where that was lost. ONNX Runtime would make one itself, and another for
   * the next session when all are closed.
   *
   * @throws SystemError DEVICE_LOST where the browser gives none
   */
  static async open(): Promise<GraphicsDevice> {
    GraphicsDevice.#held ??= GraphicsDevice.#request().catch((error: unknown) => {
      GraphicsDevice.#held = undefined;
      throw error;
    });
    return await GraphicsDevice.#held;
  }

  static async #request(): Promise<GraphicsDevice> {
    const adapter = await navigator.gpu.requestAdapter(fast);
    // As after several losses.
    if (adapter === null) throw lost('the browser gives no adapter');
    const device = await adapter.requestDevice({
      requiredFeatures: features.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(limits.map((name) => [name, adapter.limits[name]])),
    });
    return new GraphicsDevice(device);
  }

  /**
   * Checks it before work, and after.
   *
   * @throws SystemError DEVICE_LOST, OUT_OF_MEMORY or RUN_FAILED
   */
  check(): void {
    if (this.#loss !== undefined) throw lost(this.#loss);
    if (this.#fault === undefined) return;
    const fault = this.#fault;
    this.#fault = undefined;
    throw isOfMemory(fault)
      ? new SystemError(
          'OUT_OF_MEMORY',
          'the memory of the graphics device ran out; use a smaller `batchSize` or `resolution`, or `device: cpu`',
        )
      : new SystemError('RUN_FAILED', `the graphics device refused its work: ${fault}`);
  }

  /** Does work until the device is lost, of which the work itself may never hear. */
  async whileHeld<T>(work: () => Promise<T>): Promise<T> {
    this.check();
    const loss = this.device.lost.then(({ message, reason }) => {
      throw lost(message || reason);
    });
    try {
      const done = await Promise.race([work(), loss]);
      this.check();
      return done;
    } catch (error) {
      // Work on it fails a moment before the loss is told.
      await Promise.race([loss, new Promise((resolve) => setTimeout(resolve, untilToldOfLoss))]);
      this.check();
      throw error;
    }
  }
}

function lost(reason: string): SystemError {
  return new SystemError(
    'DEVICE_LOST',
    `the graphics device was lost (${reason}): its driver was reset, the computer slept, or its memory ran out. What is saved is whole: go on from the last checkpoint, in a new worker, with a smaller \`batchSize\` or \`device: cpu\` where it happens again`,
  );
}
