/** @file The device that the suites compute on: KRONA_DEVICE=webgpu npx vitest run test/graph test/contract. */
import { ConfigError } from '../../src/base/errors.ts';
import { compile, type Program, type Target } from '../../src/graph/index.ts';
import {
  type DeviceName,
  devices,
  openSession,
  type Session,
  type SessionOptions,
} from '../../src/runtime/index.ts';

/** What KRONA_DEVICE says, else the CPU. */
export function testDevice(): DeviceName {
  const name = process.env.KRONA_DEVICE ?? 'cpu';
  if (isDevice(name)) return name;
  const known = Object.keys(devices).join(', ');
  throw new ConfigError('UNKNOWN_DEVICE', `device: "${name}" is not one of ${known}`);
}

function isDevice(name: string): name is DeviceName {
  return name in devices;
}

interface TestOptions extends SessionOptions {
  /** @default that of the device */
  readonly target?: Target;
}

/** A program without weights, compiled for the device and loaded there. */
export function openProgram(
  program: Program,
  { device = testDevice(), target = devices[device].target, ...options }: TestOptions = {},
): Promise<Session> {
  return openSession(compile(program, undefined, { target }), { ...options, device });
}
