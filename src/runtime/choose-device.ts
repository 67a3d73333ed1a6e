/** @file From what the user asked for to a device that works, tried with a session of one addition. */
import { SystemError } from '../base/errors.ts';
import { add, compile, Graph, input, matmul } from '../graph/index.ts';
import { defaultEngine } from '../platform/engine-default.ts';
import type { DeviceLimits, Engine } from '../platform/onnx/engine.ts';
import { float32 } from '../tensor/tensor.ts';
import { type DeviceChoice, type DeviceName, devices } from './devices.ts';

export interface ChosenDevice {
  readonly device: DeviceName;
  /** Why `auto` passed over others, one sentence; undefined where it did not. */
  readonly note?: string;
  /** What it takes, where it tells. */
  readonly limits?: DeviceLimits;
}

/**
 * Finds the device to compute on.
 *
 * @throws SystemError DEVICE_UNAVAILABLE with the reason, how to get it, and the devices that work
 */
export async function chooseDevice(
  choice: DeviceChoice,
  engine: Engine = defaultEngine,
): Promise<ChosenDevice> {
  if (choice === 'auto') {
    const found = await fastest(engine);
    return { ...found, ...(await limitsOf(found.device, engine)) };
  }
  // Every engine has the CPU.
  if (choice === 'cpu') return { device: choice };
  const obstacle = await obstacleTo(choice, engine);
  if (obstacle === undefined) return { device: choice, ...(await limitsOf(choice, engine)) };
  const working = await workingDevices(engine);
  throw new SystemError(
    'DEVICE_UNAVAILABLE',
    `device: ${choice} cannot be used: ${obstacle}. Here ${working.join(' and ')} ${working.length === 1 ? 'works' : 'work'}; "auto" takes the fastest that does`,
  );
}

async function limitsOf(device: DeviceName, engine: Engine): Promise<Pick<ChosenDevice, 'limits'>> {
  const limits = await engine.limits(device);
  return limits === undefined ? {} : { limits };
}

/** The devices on which a session opens and computes, the fastest last. */
export async function workingDevices(engine: Engine = defaultEngine): Promise<DeviceName[]> {
  const found: DeviceName[] = [];
  for (const device of deviceNames()) {
    if (device === 'cpu' || (await obstacleTo(device, engine)) === undefined) found.push(device);
  }
  return found;
}

async function fastest(engine: Engine): Promise<ChosenDevice> {
  const obstacles: string[] = [];
  for (const device of deviceNames().reverse()) {
    const obstacle =
      device === 'cpu'
        ? undefined
        : ((await softwareOf(device, engine)) ??
          (await obstacleTo(device, engine)) ??
          (await slownessOf(device, engine)));
    if (obstacle !== undefined) {
      obstacles.push(`${device}: ${obstacle}`);
      continue;
    }
    if (obstacles.length === 0) return { device };
    return { device, note: `computing on ${device} (${obstacles.join('; ')})` };
  }
  throw new Error('internal: no device, not even the CPU');
}

/** Why a device need not even be tried. */
async function softwareOf(device: DeviceName, engine: Engine): Promise<string | undefined> {
  const name = await engine.softwareAdapter(device);
  return name && `its adapter, ${name}, is software that computes on the processor`;
}

/** Why a device that works is of no use: a driver may compute on the processor, and does not tell. */
async function slownessOf(device: DeviceName, engine: Engine): Promise<string | undefined> {
  const model = productOn(device);
  const taken = await engine.trial(model, device);
  const onProcessor = await engine.trial(model, 'cpu');
  if (typeof taken === 'string' || typeof onProcessor === 'string') return undefined;
  if (taken < onProcessor) return undefined;
  const times = `${Math.round(taken)} ms for what takes the processor ${Math.round(onProcessor)}`;
  return `it is slower here than the processor (${times}): an adapter in software, perhaps`;
}

/** Side of the matrices whose product is timed: 2 GFLOP, which hide the way to a device and back. */
const side = 1024;

function productOn(device: DeviceName): Uint8Array {
  const graph = new Graph();
  const x = input(graph, 'x', 'f32', [side, side]);
  const { target } = devices[device];
  return compile({ graph, outputs: { y: matmul(x, x) } }, undefined, { target }).model;
}

function deviceNames(): DeviceName[] {
  return Object.keys(devices) as DeviceName[];
}

/** Why a device cannot be used; undefined where it adds two numbers. */
async function obstacleTo(device: DeviceName, engine: Engine): Promise<string | undefined> {
  const missing = await engine.missing(device);
  if (missing !== undefined) return missing;
  const graph = new Graph();
  const x = input(graph, 'x', 'f32', [2]);
  const { target } = devices[device];
  const program = compile({ graph, outputs: { y: add(x, x) } }, undefined, { target });
  const tried = await engine.trial(program.model, device);
  if (typeof tried === 'string') return reasonOf(tried);
  try {
    const session = await engine.open(program.model, { device, threads: 1 });
    try {
      const results = await session.run(new Map([['x', float32([2], [1, 2])]]));
      const [first, second] = results.get('y')?.data ?? [];
      return first === 2 && second === 4 ? undefined : `1 + 1 and 2 + 2 gave ${first}, ${second}`;
    } finally {
      await session.release();
    }
  } catch (error) {
    return reasonOf(error);
  }
}

/** The last sentence of what ONNX Runtime says: before it come file names and conditions of its source. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const said = /(?: was false\. |: )([^:]*(?:: [^:]*)?)$/s.exec(message.trim())?.[1] ?? message;
  return said.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
}
