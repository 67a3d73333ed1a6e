import { expect, test } from 'vitest';
import { keyOf } from '../plan/key.ts';
import { completeDrawing, completeTraining, decidingTraining } from './variant-settings.ts';

const none = { train: {}, generate: {}, adapters: {}, methods: {} };
const pocket = {
  ...none,
  train: { steps: 400, learningRate: 3e-3 },
  adapters: { krona: { a1: 8, a2: 16 } },
  generate: { guidance: 5 },
};
const keyWith = (train: object, seed = 0) =>
  keyOf(decidingTraining(completeTraining({ train: { ...train } }, pocket, seed).settings));

test('a key does not depend on whether a recommended or default setting was stated', () => {
  const plain = keyWith({});
  expect(keyWith({ steps: 400, learningRate: 3e-3 })).toBe(plain);
  expect(keyWith({ adapter: 'krona', adapterOptions: { a1: 8 } })).toBe(plain);
  expect(keyWith({ adapterOptions: { initialA: 'normal', layout: 'kron' } })).toBe(plain);
  expect(keyWith({ optimizer: 'adamw', weightDecay: 0.01 })).toBe(plain);
});

test('a key depends on everything that decides an adapter', () => {
  const different = [
    keyWith({}),
    keyWith({}, 1),
    keyWith({ steps: 300 }),
    keyWith({ adapterOptions: { a1: 4 } }),
    keyWith({ adapterOptions: { initialA: 'xavier-uniform' } }),
    keyWith({ targets: ['attention+feed-forward'] }),
    keyWith({ adapter: 'lora' }),
    keyWith({ adapter: 'lora', adapterOptions: { rank: 8 } }),
  ];
  expect(new Set(different).size).toBe(different.length);
});

test('where a run lies and how often it saves is not among its settings', () => {
  const { settings } = completeTraining({ train: {} }, none, 7);
  expect(settings).toMatchObject({ seed: 7, steps: 500, adapter: 'krona' });
  for (const key of ['out', 'images', 'subject', 'base', 'device', 'checkpointEvery']) {
    expect(settings).not.toHaveProperty(key);
  }
});

test('drawing takes what the base recommends, and four pictures a prompt by default', () => {
  const { settings, count, seed } = completeDrawing({ draw: { steps: 10 } }, pocket);
  expect(settings).toMatchObject({ steps: 10, guidance: 5, negative: '' });
  expect({ count, seed }).toEqual({ count: 4, seed: 0 });
  expect(() => completeDrawing({ draw: { count: 0 } }, pocket)).toThrow('count');
});

test('keys of equal values are equal in whatever order they are written', () => {
  expect(keyOf({ a: 1, b: [{ c: 2, d: undefined }] })).toBe(keyOf({ b: [{ c: 2 }], a: 1 }));
  expect(keyOf({ a: 1 })).not.toBe(keyOf({ a: '1' }));
  expect(keyOf([1, 2])).not.toBe(keyOf([2, 1]));
  expect(keyOf({})).toMatch(/^[0-9a-f]{24}$/);
});
