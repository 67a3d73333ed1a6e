import { describe, expect, test } from 'vitest';
import { type SweepSpec, sweepSchema } from './spec.ts';
import { expandVariants, factorName, variantsNamed } from './variants.ts';

const spec = (content: object): SweepSpec => sweepSchema.parse({ title: 'test', ...content });
const expand = (content: object) => expandVariants(spec(content), 'test.yaml');

describe('the variants of a sweep', () => {
  test('are counted before any is made', () => {
    const many = Array.from({ length: 40 }, (_, i) => i + 1);
    const training = ['steps', 'batchSize', 'accumulate', 'repeats', 'warmupSteps'];
    const paths = training.map((key) => `train.${key}`);
    paths.push('adapter.a1', 'adapter.a2', 'draw.steps');
    const vary = Object.fromEntries(paths.map((path) => [path, many]));
    // 40^8
    expect(() => expand({ vary })).toThrow(
      expect.objectContaining({
        code: 'SWEEP_TOO_LARGE',
        message: expect.stringContaining('vary makes 6,553,600,000,000 variants (40 x 40 x'),
      }),
    );
    const cases = Array.from({ length: 101 }, (_, i) => ({ name: `case ${i}` }));
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(expand({ cases: cases.slice(1), vary: { shots: hundred } })).toHaveLength(10_000);
    expect(() => expand({ cases, vary: { shots: hundred } })).toThrow(/over 101 cases/);
  });

  test('are every combination of what varies, the first setting changing slowest', () => {
    const variants = expand({
      train: { steps: 10 },
      vary: { 'adapter.a1': [2, 4], 'train.learningRate': [1e-3, 1e-2] },
    });
    expect(variants.map(({ name }) => name)).toEqual([
      'KronA, a1 2, learning rate 0.001',
      'KronA, a1 2, learning rate 0.01',
      'KronA, a1 4, learning rate 0.001',
      'KronA, a1 4, learning rate 0.01',
    ]);
    expect(variants[1]).toMatchObject({
      case: 'KronA',
      factors: { 'adapter.a1': 2, 'train.learningRate': 1e-2 },
      train: { steps: 10, learningRate: 1e-2, adapterOptions: { a1: 2 } },
    });
  });

  test('of a case have its settings over those that all have, and options of its own method only', () => {
    const [krona, lora, oft] = expand({
      train: { adapter: 'krona', adapterOptions: { a1: 4, a2: 8 } },
      cases: [
        { name: 'KronA', train: { adapterOptions: { a2: 16 } } },
        { name: 'LoRA', train: { adapter: 'lora', adapterOptions: { rank: 2 } }, shots: 1 },
        { name: 'OFT', train: { adapter: 'oft' } },
      ],
    });
    expect(oft?.train).toEqual({ adapter: 'oft' });
    expect(krona?.train).toEqual({ adapter: 'krona', adapterOptions: { a1: 4, a2: 16 } });
    expect(lora).toMatchObject({
      train: { adapter: 'lora', adapterOptions: { rank: 2 } },
      shots: 1,
      name: 'LoRA',
    });
  });

  test('of the base model vary in how it draws; pictures of another tool do not vary', () => {
    const names = expand({
      vary: { 'train.steps': [1, 2], 'draw.guidance': [3, 5] },
      cases: [
        { name: 'base', adapted: false },
        { name: 'SuTI', pictures: 'suti' },
      ],
    }).map(({ name }) => name);
    expect(names).toEqual(['base, guidance 3', 'base, guidance 5', 'SuTI']);
  });

  test('are refused where a setting is not there, naming the nearest', () => {
    expect(() => expand({ vary: { 'train.learningrate': [1] } })).toThrow(
      'vary: "train.learningrate" names no setting; did you mean "train.learningRate"?',
    );
    expect(() => expand({ draw: { guidence: 3 } })).toThrow(
      'test.yaml: draw.guidence is no setting; did you mean "guidance"?',
    );
    expect(() => expand({ train: { seed: 3 } })).toThrow('train.seed is not for a sweep to state');
    expect(() => expand({ cases: [{ name: 'a' }, { name: 'a' }] })).toThrow(
      'two variants are called "a"',
    );
  });

  test('are found by their name or their case', () => {
    const variants = expand({ vary: { shots: [1, 5] } });
    expect(variantsNamed(variants, 'KronA', 'x')).toHaveLength(2);
    expect(variantsNamed(variants, 'KronA, training pictures 5', 'x')).toHaveLength(1);
    expect(() => variantsNamed(variants, 'KronA, training pictures 4', 'claim')).toThrow(
      'claim: nothing is called "KronA, training pictures 4"; did you mean "KronA, training pictures 1"?',
    );
  });

  test('name their settings in words', () => {
    expect(factorName('train.learningRate')).toBe('learning rate');
    expect(factorName('draw.steps')).toBe('sampling steps');
    expect(factorName('adapter.decomposeBoth')).toBe('decompose both');
  });
});
