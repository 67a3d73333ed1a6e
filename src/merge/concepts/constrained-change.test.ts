import { describe, expect, test } from 'vitest';
import { fixturePath } from '../../../test/fixtures.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import { openSafetensors } from '../../storage/weights/safetensors-file.ts';
import { toFloat32 } from '../../tensor/half.ts';
import { maxAbsDifference } from '../../tensor/linear-algebra/host-matrices.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import { appliedTo, ConstrainedChanges, type Rows } from './constrained-change.ts';

const stored = await (
  await openSafetensors(fixturePath('concept-merge', 'expected.safetensors'))
).readAll();

function matrix(name: string): Tensor<'f32'> {
  const found = stored.get(name);
  if (found === undefined) throw new Error(`no ${name} in the fixture`);
  return toFloat32(found);
}

function rows({ shape: [count = 0, width = 0], data }: Tensor<'f32'>): Rows {
  return Array.from({ length: count }, (_, i) =>
    Float64Array.from(data.subarray(i * width, (i + 1) * width)),
  );
}

function minus(a: Tensor<'f32'>, b: Tensor<'f32'>): Tensor<'f32'> {
  return float32(
    a.shape,
    a.data.map((value, i) => value - (b.data[i] ?? 0)),
  );
}

const base = matrix('base');
const others = rows(matrix('others'));
const targets = [0, 1].map((i) => rows(matrix(`targets.${i}`)));
const wanted = targets.flatMap((own, i) => appliedTo(minus(matrix(`tuned.${i}`), base), own));
const change = new ConstrainedChanges(targets.flat(), others).of(wanted);

function effect(delta: Tensor<'f32'>): number {
  return appliedTo(delta, others).reduce((sum, row) => sum + row.reduce((s, x) => s + x * x, 0), 0);
}

describe('the least change of several concepts', () => {
  test.each(['closed', 'brute'])('is the reference’s, %s', (name) => {
    // The reference has no ε: a millionth of G's mean, whose smallest value is a twentieth of that.
    expect(maxAbsDifference(change, minus(matrix(name), base))).toBeLessThan(2e-5);
  });

  test('does on every target what its concept does', () => {
    const made = appliedTo(change, targets.flat());
    for (const [i, row] of wanted.entries()) {
      for (const [k, value] of row.entries()) expect(made[i]?.[k]).toBeCloseTo(value, 5);
    }
  });

  test('changes other texts less than any other that does the same', () => {
    const random = new TorchGenerator(5);
    const [out = 0, width = 0] = base.shape;
    const least = effect(change);
    for (let trial = 0; trial < 50; trial++) {
      // What is left of a random change once its part on the targets is taken away changes none of them.
      const drawn = float32([out, width], random.randn(out * width));
      const onTargets = new ConstrainedChanges(targets.flat(), unit(width)).of(
        appliedTo(drawn, targets.flat()),
      );
      const feasible = change.data.map(
        (value, i) => value + 0.1 * ((drawn.data[i] ?? 0) - (onTargets.data[i] ?? 0)),
      );
      expect(effect(float32([out, width], feasible))).toBeGreaterThan(least);
    }
  });

  test('of nothing wanted is nothing', () => {
    const nothing = wanted.map(({ length }) => new Float64Array(length));
    const none = new ConstrainedChanges(targets.flat(), others).of(nothing);
    expect(none.data.every((value) => value === 0)).toBe(true);
  });

  test('does so however few the other texts are', () => {
    const few = new ConstrainedChanges(targets.flat(), others.slice(0, 3)).of(wanted);
    const made = appliedTo(few, targets.flat());
    for (const [i, row] of wanted.entries()) {
      for (const [k, value] of row.entries()) expect(made[i]?.[k]).toBeCloseTo(value, 4);
    }
  });

  test('is refused where targets depend on each other', () => {
    const twice = [...targets.flat(), ...targets.flat().slice(0, 1)];
    expect(() => new ConstrainedChanges(twice, others)).toThrow(
      expect.objectContaining({ code: 'MERGE_TARGETS' }),
    );
  });
});

function unit(width: number): Rows {
  return Array.from({ length: width }, (_, i) =>
    Float64Array.from({ length: width }, (__, k) => Number(i === k)),
  );
}
