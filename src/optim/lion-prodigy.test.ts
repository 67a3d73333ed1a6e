import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { decodeSafetensors, encodeSafetensors } from '../formats/safetensors/safetensors.ts';
import { float32, type Tensor } from '../tensor/tensor.ts';
import { lion } from './lion.ts';
import type { NamedTensors, OptimizerState } from './optimizer.ts';
import { prodigy } from './prodigy.ts';

const rows = z.record(z.string(), z.array(z.array(z.number())));
const schema = z.object({
  start: z.record(z.string(), z.array(z.number())),
  cases: z.record(
    z.string(),
    z.object({
      options: z.record(z.string(), z.union([z.number(), z.boolean()])),
      rates: z.array(z.number()),
      gradients: rows,
      parameters: rows,
      distances: z.array(z.number()).optional(),
    }),
  ),
});
const reference = schema.parse(
  JSON.parse(readFileSync('test/data/torch/lion-prodigy.json', 'utf8')),
);

function named(values: Readonly<Record<string, readonly number[]>>): Map<string, Tensor<'f32'>> {
  return new Map(
    Object.entries(values).map(([name, data]) => [name, float32([data.length], data)]),
  );
}

/** Step `step` of tensors recorded over steps. */
function at(recorded: z.output<typeof rows>, step: number): Map<string, Tensor<'f32'>> {
  return named(
    Object.fromEntries(Object.entries(recorded).map(([name, steps]) => [name, steps[step] ?? []])),
  );
}

/** Prodigy's distance; 1 for an optimiser that has none. */
function distanceOf({ tensors }: OptimizerState): number {
  return tensors.get('distance')?.data[0] ?? 1;
}

function largestDifference(actual: NamedTensors, expected: NamedTensors): number {
  const differences = [...expected].flatMap(([name, { data }]) =>
    [...data].map((value, i) => Math.abs(value - (actual.get(name)?.data[i] ?? Number.NaN))),
  );
  return Math.max(...differences);
}

describe.each(Object.entries(reference.cases))('%s', (name, { options, rates, ...recorded }) => {
  const optimizer = name === 'lion' ? lion(options) : prodigy(options);

  test('takes the steps of the published implementation', () => {
    const parameters = named(reference.start);
    const state = optimizer.init(parameters);
    for (const [step, rate] of rates.entries()) {
      optimizer.update(parameters, at(recorded.gradients, step), state, rate);
      const distance = recorded.distances?.[step] ?? distanceOf(state);
      // The distance is found from θ₀ − θ, at first so small that float32 keeps four digits of it.
      expect(Math.abs(distanceOf(state) / distance - 1)).toBeLessThan(1e-4);
      // Values up to 2: float32 rounding, and steps up to 0.4 that differ as the distance does.
      expect(largestDifference(parameters, at(recorded.parameters, step))).toBeLessThan(1e-5);
    }
  });

  test('resumes bit for bit from saved parameters and state', () => {
    const reread = (tensors: NamedTensors) =>
      decodeSafetensors(encodeSafetensors(tensors), 'test').tensors as Map<string, Tensor<'f32'>>;
    const whole = named(reference.start);
    const state = optimizer.init(whole);
    let resumed = named(reference.start);
    let resumedState = optimizer.init(resumed);
    for (const [step, rate] of rates.entries()) {
      const gradients = at(recorded.gradients, step);
      optimizer.update(whole, gradients, state, rate);
      optimizer.update(resumed, gradients, resumedState, rate);
      resumed = reread(resumed);
      resumedState = { step: resumedState.step, tensors: reread(resumedState.tensors) };
    }
    expect(resumed).toEqual(whole);
    expect(resumedState).toEqual(state);
  });
});

describe('lion', () => {
  test('moves every parameter by the learning rate against its gradient, however small', () => {
    const parameters = named({ a: [0, 0, 0] });
    lion().update(parameters, named({ a: [1e3, -1e-9, 0] }), lion().init(parameters), 0.5);
    expect([...(parameters.get('a')?.data ?? [])]).toEqual([-0.5, 0.5, 0]);
  });

  test('goes on for a while against a gradient that has turned', () => {
    const optimizer = lion();
    const parameters = named({ a: [0] });
    const state = optimizer.init(parameters);
    const steps = [1, 1, 1, -0.01, -1].map((gradient) => {
      const [before = 0] = parameters.get('a')?.data ?? [];
      optimizer.update(parameters, named({ a: [gradient] }), state, 1);
      return (parameters.get('a')?.data[0] ?? 0) - before;
    });
    // m = 1 − 0.99³ = 0.03 after three: 0.9m − 0.1·0.01 is above 0, 0.9m − 0.1 below.
    expect(steps).toEqual([-1, -1, -1, -1, 1]);
  });
});

describe('prodigy', () => {
  const target = [3, -2, 0.5];

  test('finds the size of its steps on a quadratic, and the minimum', () => {
    const optimizer = prodigy();
    const parameters = named({ a: [0, 0], b: [0] });
    const state = optimizer.init(parameters);
    const distances = Array.from({ length: 400 }, () => {
      const [a = 0, b = 0, c = 0] = [...parameters.values()].flatMap(({ data }) => [...data]);
      const [x = 0, y = 0, z = 0] = target;
      optimizer.update(parameters, named({ a: [a - x, b - y], b: [c - z] }), state, 1);
      return distanceOf(state);
    });
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    expect(distances[0]).toBe(Math.fround(1e-6));
    // It estimates ‖x₀ − x*‖∞ = 3 from below, to its order.
    expect(distances.at(-1)).toBeGreaterThan(0.3);
    expect(distances.at(-1)).toBeLessThan(3);
    // Adam circles the minimum before it settles.
    expect(largestDifference(parameters, named({ a: target.slice(0, 2), b: [0.5] }))).toBeLessThan(
      0.05,
    );
  });

  test('is left as it was by a learning rate of 0 and by gradients of 0', () => {
    const parameters = named({ a: [1, 2] });
    const state = prodigy().init(parameters);
    prodigy().update(parameters, named({ a: [1, 1] }), state, 0);
    prodigy().update(parameters, named({ a: [0, 0] }), state, 1);
    expect(parameters).toEqual(named({ a: [1, 2] }));
    expect(state).toEqual(prodigy().init(parameters));
  });
});
