import { describe, expect, test } from 'vitest';
import { fixturePath } from '../../test/fixtures.ts';
import { checkOptim } from '../../test/parity/checks/optim.ts';
import { decodeSafetensors, encodeSafetensors } from '../formats/safetensors/safetensors.ts';
import { float32, type Tensor } from '../tensor/tensor.ts';
import { adamw } from './adamw.ts';
import { clipGradients } from './clipping.ts';
import { learningRateSchedule } from './learning-rate.ts';
import type { NamedTensors } from './optimizer.ts';

function named(values: Record<string, number[]>): Map<string, Tensor<'f32'>> {
  return new Map(
    Object.entries(values).map(([name, data]) => [name, float32([data.length], data)]),
  );
}

function numbers(tensors: NamedTensors): number[][] {
  return [...tensors.values()].map(({ data }) => [...data]);
}

test('optimisers, schedules and clipping equal the reference', async () => {
  const checks = await checkOptim(fixturePath('optim'));
  expect(checks.filter((check) => check.status === 'failed')).toEqual([]);
  const ok = checks.filter((check) => check.status === 'ok').map((check) => check.tensor);
  for (const name of ['opt_adamw_wd1e-2/w', 'opt_adamw_other/conv', 'lr/constant_with_warmup_1']) {
    expect(ok).toContain(name);
  }
  for (const name of [
    'linear_1',
    'cosine_with_restarts_1',
    'polynomial_1',
    'piecewise_constant_0',
  ]) {
    expect(ok).toContain(`lr/${name}`);
  }
  for (const name of ['sgd', 'sgd_momentum', 'sgd_nesterov_wd', 'hf_adafactor_fixed_lr']) {
    expect(ok).toContain(`opt_${name}/conv`);
  }
  for (const name of ['noise_offset/result', 'min_snr_eps/scaled_linear', 'ema_plain/shadow']) {
    expect(ok).toContain(name);
  }
  for (const name of ['lr/cosine_1', 'clip_above/total_norm', 'clip_below/clipped_w']) {
    expect(ok).toContain(name);
  }
});

describe('adamw', () => {
  const gradientsAt = (step: number) => named({ a: [Math.sin(step), 0.1], b: [step] });

  test('resumes bit for bit from saved parameters and state', () => {
    const optimizer = adamw({ weightDecay: 0.1 });
    const parameters = named({ a: [1, -2], b: [0.5] });
    const state = optimizer.init(parameters);
    for (let step = 0; step < 3; step++) {
      optimizer.update(parameters, gradientsAt(step), state, 0.01);
    }
    const reread = (tensors: NamedTensors) =>
      decodeSafetensors(encodeSafetensors(tensors), 'test').tensors as Map<string, Tensor<'f32'>>;
    const resumedParameters = reread(parameters);
    const resumedState = { step: state.step, tensors: reread(state.tensors) };
    for (let step = 3; step < 6; step++) {
      optimizer.update(parameters, gradientsAt(step), state, 0.01);
      optimizer.update(resumedParameters, gradientsAt(step), resumedState, 0.01);
    }
    expect(numbers(resumedParameters)).toEqual(numbers(parameters));
    expect(resumedState.step).toBe(6);
  });

  test('moves by the learning rate in the first step, whatever the gradient', () => {
    const optimizer = adamw({ weightDecay: 0 });
    const parameters = named({ a: [0, 0] });
    optimizer.update(parameters, named({ a: [1000, -0.001] }), optimizer.init(parameters), 0.5);
    // m/√v = ±1, but for ε against 0.001: 1e-5
    expect(parameters.get('a')?.data[0]).toBeCloseTo(-0.5, 4);
    expect(parameters.get('a')?.data[1]).toBeCloseTo(0.5, 4);
  });

  test('names a gradient that is missing or misshapen', () => {
    const optimizer = adamw();
    const parameters = named({ a: [0, 0] });
    const state = optimizer.init(parameters);
    expect(() => optimizer.update(parameters, named({}), state, 1)).toThrow('needs a tensor "a"');
    expect(() => optimizer.update(parameters, named({ a: [1] }), state, 1)).toThrow(
      'adamw: "a" is [1], its parameter [2]',
    );
  });

  test.each([{ beta1: 1 }, { beta2: -0.1 }, { epsilon: -1 }, { weightDecay: Number.NaN }])(
    'refuses %j',
    (options) => {
      expect(() => adamw(options)).toThrow(`adamw: ${Object.keys(options)[0]} is`);
    },
  );
});

describe('clipGradients', () => {
  test('leaves gradients below the limit alone', () => {
    const gradients = named({ a: [0.3], b: [0.4] });
    expect(clipGradients(gradients, 1)).toBeCloseTo(0.5, 6); // float32 inputs
    expect(numbers(gradients)).toEqual(numbers(named({ a: [0.3], b: [0.4] })));
  });

  test('brings the common norm down to the limit', () => {
    const gradients = named({ a: [30], b: [40] });
    expect(clipGradients(gradients, 1)).toBe(50);
    expect(clipGradients(gradients, 1)).toBeCloseTo(1, 6); // float32
  });

  test('reports a norm that is not a number', () => {
    expect(clipGradients(named({ a: [Number.NaN, 1] }), 1)).toBeNaN();
  });
});

describe('learningRateSchedule', () => {
  test('rises over the warm-up, then falls to nothing', () => {
    const rateAt = learningRateSchedule({
      name: 'cosine',
      rate: 2,
      totalSteps: 30,
      warmupSteps: 10,
    });
    expect([0, 5, 10, 20, 30].map(rateAt)).toEqual([0, 1, 2, 1, 0]);
  });

  test('refuses a warm-up longer than the training', () => {
    expect(() =>
      learningRateSchedule({ name: 'constant', rate: 1, totalSteps: 5, warmupSteps: 6 }),
    ).toThrow('warm-up steps are from 0 to the 5 steps of training, got 6');
  });

  test('follows piecewise rules and refuses unsound ones', () => {
    const piecewise = (rules: string) =>
      learningRateSchedule({ name: 'piecewise', rate: 2, totalSteps: 9, warmupSteps: 2, rules });
    expect([0, 1, 2, 3, 4, 8].map(piecewise('1:4, 0.5'))).toEqual([0, 1, 2, 2, 1, 1]);
    for (const rules of ['', '1:4', '1:4:5,1', '1:5,0.1:4,0', 'x:3,1', '-1', '1,2']) {
      expect(() => piecewise(rules)).toThrow('learning rate rules are factors');
    }
  });

  test('refuses a polynomial that ends above its rate', () => {
    expect(() => learningRateSchedule({ name: 'polynomial', rate: 1e-8, totalSteps: 5 })).toThrow(
      'ends below its learning rate 1e-8, got the end 1e-7',
    );
  });

  test('refuses a rate that is not a number', () => {
    expect(() =>
      learningRateSchedule({ name: 'constant', rate: Number.NaN, totalSteps: 5 }),
    ).toThrow('got NaN');
  });
});
