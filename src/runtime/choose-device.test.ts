/** @file Devices asked for, found, and refused with what there is. */
import { expect, test } from 'vitest';
import { SystemError } from '../base/errors.ts';
import { add, compile, Graph, input } from '../graph/index.ts';
import type { Engine } from '../platform/onnx/engine.ts';
import { nodeEngine } from '../platform/onnx/node-engine.ts';
import { nodeTrial } from '../platform/onnx/node-trial.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { chooseDevice, workingDevices } from './choose-device.ts';
import type { DeviceName } from './devices.ts';

/** This machine, without what it may have beside its processor. */
const bare: Engine = {
  ...nodeEngine,
  missing: async (device) => (device === 'cpu' ? undefined : `there is no ${device} here`),
};

/** Milliseconds that a run takes on a machine with a graphics processor. */
const usual: Readonly<Record<DeviceName, number>> = { cpu: 50, webgpu: 5, cuda: 2 };

/** A machine whose providers all open, as sessions on its processor. */
function machine(milliseconds: Readonly<Record<DeviceName, number>>): Engine {
  return {
    ...nodeEngine,
    missing: async () => undefined,
    trial: async (_, device) => milliseconds[device],
    open: (model, options) => nodeEngine.open(model, { ...options, device: 'cpu' }),
  };
}

const complete = machine(usual);

/** Providers that are there and fail to open, as with a driver that is missing. */
const driverless: Engine = {
  ...complete,
  trial: async (_, device) =>
    `/a/file.cc:136 adapter was false. Failed to get a ${device} adapter: no driver\n`,
};

test('auto is the fastest device that computes, without a note where it is the best', async () => {
  expect(await chooseDevice('auto', complete)).toEqual({ device: 'cuda' });
  expect(await workingDevices(complete)).toEqual(['cpu', 'webgpu', 'cuda']);
});

test('auto falls back to the CPU and says why', async () => {
  expect(await chooseDevice('auto', bare)).toEqual({
    device: 'cpu',
    note: 'computing on cpu (cuda: there is no cuda here; webgpu: there is no webgpu here)',
  });
  const { note } = await chooseDevice('auto', driverless);
  expect(note).toContain('webgpu: Failed to get a webgpu adapter: no driver)');
});

test('auto passes over an adapter that computes in software', async () => {
  const software = machine({ ...usual, webgpu: 900 });
  const withoutCuda: Engine = {
    ...software,
    missing: async (device) => (device === 'cuda' ? 'no cuda here' : undefined),
  };
  expect(await chooseDevice('auto', withoutCuda)).toEqual({
    device: 'cpu',
    note: 'computing on cpu (cuda: no cuda here; webgpu: it is slower here than the processor (900 ms for what takes the processor 50): an adapter in software, perhaps)',
  });
  // Who asks for it by name gets it.
  expect(await chooseDevice('webgpu', withoutCuda)).toEqual({ device: 'webgpu' });
});

test('auto does not even try an adapter whose name says that it is software', async () => {
  const told: Engine = {
    ...bare,
    missing: async (device) => (device === 'cuda' ? 'no cuda here' : undefined),
    softwareAdapter: async (device) => (device === 'webgpu' ? 'google swiftshader' : undefined),
    trial: async () => expect.unreachable('it is not timed'),
  };
  expect(await chooseDevice('auto', told)).toEqual({
    device: 'cpu',
    note: 'computing on cpu (cuda: no cuda here; webgpu: its adapter, google swiftshader, is software that computes on the processor)',
  });
});

test('a device is tried in a process of its own, whose failure is told in words', async () => {
  const graph = new Graph();
  const x = input(graph, 'x', 'f32', [2]);
  const { model } = compile({ graph, outputs: { y: add(x, x) } });
  expect(await nodeTrial(model, 'cpu')).toEqual(expect.any(Number));
  expect(await nodeTrial(new Uint8Array([1, 2, 3]), 'cpu')).toMatch(/protobuf|parse/i);
});

test('a device that was asked for is never replaced silently', async () => {
  for (const engine of [bare, driverless]) {
    const choosing = chooseDevice('webgpu', engine);
    await expect(choosing).rejects.toThrow(SystemError);
    await expect(choosing).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
    await expect(choosing).rejects.toThrow('Here cpu works');
  }
});

test('the CPU is not tried first', async () => {
  expect(await chooseDevice('cpu', driverless)).toEqual({ device: 'cpu' });
});

test('a device whose session computes nonsense does not count', async () => {
  const wrong: Engine = {
    ...complete,
    open: async (model, options) => {
      const session = await complete.open(model, options);
      const echo = (inputs: ReadonlyMap<string, Tensor>) =>
        new Map([...inputs.values()].map((value) => ['y', value] as const));
      return { ...session, run: async (inputs) => echo(inputs) };
    },
  };
  expect(await workingDevices(wrong)).toEqual(['cpu']);
});

test('a provider of this package that is not there names the command that installs it', async () => {
  const reason = await nodeEngine.missing('cuda');
  if (reason !== undefined && process.platform === 'linux' && process.arch === 'x64') {
    expect(reason).toContain('ONNXRUNTIME_NODE_INSTALL=true node ');
  }
  expect(await nodeEngine.missing('cpu')).toBe(undefined);
});
