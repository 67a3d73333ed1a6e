import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import { compile, Graph, input } from '../../graph/index.ts';
import type { Site } from '../../nn/index.ts';
import { openSession } from '../../runtime/index.ts';
import { float32 } from '../../tensor/tensor.ts';
import { krona } from './krona.ts';
import { lokr } from './lokr.ts';

function at(name: string, out: number, inner: number): Site {
  return { name, kind: 'linear', out, in: inner };
}

function shapesAt(options: unknown, site: Site): Readonly<Record<string, readonly number[]>> {
  const parameters = krona.configure(options).parameters(site);
  return Object.fromEntries(parameters.map(({ name, shape }) => [name, shape]));
}

describe('KronA', () => {
  test('puts every element of A times the whole of B', async () => {
    const graph = new Graph();
    const A = input(graph, 'A', 'f32', [2, 2]);
    const B = input(graph, 'B', 'f32', [2, 3]);
    const adapter = krona.configure({ a1: 2, a2: 2, scale: 10 });
    const weight = input(graph, 'weight', 'f32', [4, 6]);
    const delta = adapter.deltaWeight({ site: at('to_q', 4, 6), weight, parameters: { A, B } });
    await using session = await openSession(compile({ graph, outputs: { delta } }));
    const results = await session.run({
      A: float32([2, 2], [1, 2, 3, 0]),
      B: float32([2, 3], [1, 2, 3, 4, 5, 6]),
    });
    expect([...results.get('delta').data]).toEqual([
      ...[10, 20, 30, 20, 40, 60],
      ...[40, 50, 60, 80, 100, 120],
      ...[30, 60, 90, 0, 0, 0],
      ...[120, 150, 180, 0, 0, 0],
    ]);
  });

  test('of equal factors is LoKr without a second decomposition', async () => {
    const graph = new Graph();
    const A = input(graph, 'A', 'f32', [2, 2]);
    const B = input(graph, 'B', 'f32', [4, 6]);
    const site = at('to_q', 8, 12);
    const weight = input(graph, 'weight', 'f32', [8, 12]);
    const ofKrona = krona.configure({ a1: 2, a2: 2 });
    const ofLokr = lokr.configure({ factor: 2, full: true });
    expect(ofLokr.parameterCount(site)).toBe(ofKrona.parameterCount(site));
    const outputs = {
      krona: ofKrona.deltaWeight({ site, weight, parameters: { A, B } }),
      lokr: ofLokr.deltaWeight({ site, weight, parameters: { w1: A, w2: B } }),
    };
    await using session = await openSession(compile({ graph, outputs }));
    const generator = new TorchGenerator(0);
    const results = await session.run({
      A: float32([2, 2], generator.randn(4)),
      B: float32([4, 6], generator.randn(24)),
    });
    expect(results.get('krona').data).toEqual(results.get('lokr').data);
    expect(Math.max(...results.get('krona').data)).toBeGreaterThan(0.5);
  });

  test('splits the sizes of a site into those of A and B', () => {
    expect(shapesAt({ a1: 4, a2: 64 }, at('to_k', 320, 768))).toEqual({ A: [4, 64], B: [80, 12] });
  });

  test('stacks the factors of several terms, and leaves one as it is', () => {
    const site = at('to_k', 320, 768);
    expect(shapesAt({ terms: 2 }, site)).toEqual({ A: [2, 4, 64], B: [2, 80, 12] });
    expect(shapesAt({ terms: 1 }, site)).toEqual({ A: [4, 64], B: [80, 12] });
  });

  test('takes factors from the last pattern that matches a site', () => {
    const options = { a1: 2, a2: 2, factors: { 'attn2.*': [4, 8], to_k: [8, 16], 'ff.*': [1, 1] } };
    expect(shapesAt(options, at('mid.attn1.to_q', 32, 64)).A).toEqual([2, 2]);
    expect(shapesAt(options, at('mid.attn2.to_q', 32, 64)).A).toEqual([4, 8]);
    expect(shapesAt(options, at('mid.attn2.to_k', 32, 64)).A).toEqual([8, 16]);
  });

  test('has the published defaults: A of 4 x 64, drawn from N(0, 1/64), and B zero', () => {
    const [a, b] = krona.configure({}).parameters(at('to_q', 320, 320));
    expect(a).toEqual({
      name: 'A',
      shape: [4, 64],
      initial: { kind: 'normal', deviation: 1 / 64 },
    });
    expect(b).toEqual({ name: 'B', shape: [80, 5], initial: { kind: 'zero' } });
  });

  test.each([
    ['normal', 1 / 4],
    ['normal-wide', 8],
    ['normal-wide-variance', Math.sqrt(8)],
    ['normal-reciprocal', 1 / 8],
  ])(
    'starts from %s with the deviation %f where d is 64, h 128 and a2 4',
    (initialA, deviation) => {
      const [a] = krona.configure({ a1: 2, a2: 4, initialA }).parameters(at('to_q', 64, 128));
      expect(a?.initial).toEqual({ kind: 'normal', deviation: expect.closeTo(deviation, 12) });
    },
  );

  test('says how often training leaves a site out', () => {
    expect(krona.configure({}).dropout).toBe(0);
    expect(krona.configure({ dropout: 0.1 }).dropout).toBe(0.1);
  });

  test.each([
    { a1: 0 },
    { a1: 1.5 },
    { factors: { to_q: [4] } },
    { initialA: 'ones' },
    { layout: 'row' },
    { dropout: 1 },
    { learningRateRatio: 0 },
    { terms: 0 },
    { terms: 1.5 },
  ])('refuses the options %o', (options) => {
    expect(() => krona.configure(options)).toThrow(
      expect.objectContaining({ code: 'ADAPTER_OPTIONS' }),
    );
  });
});
