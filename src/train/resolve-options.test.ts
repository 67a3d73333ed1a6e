import { expect, test } from 'vitest';
import { resolveConfig, resolveSettings } from './resolve-options.ts';

const required = { images: 'x', subject: 'sks dog', out: 'y' };
const train = { learningRate: 0.002, weightDecay: 0.02 };
const base = { train, generate: {}, adapters: {}, methods: {} };

test('an optimiser takes its usual settings instead of what a base recommends for AdamW', () => {
  expect(resolveConfig(required, base)).toMatchObject({ ...train, beta2: 0.999 });
  expect(resolveConfig({ ...required, optimizer: 'lion' }, base)).toMatchObject({
    learningRate: 0.0004,
    weightDecay: 0.1,
    beta1: 0.9,
    beta2: 0.99,
  });
  expect(resolveConfig({ ...required, optimizer: 'prodigy' }, base)).toMatchObject({
    learningRate: 1,
    weightDecay: 0.02,
    beta2: 0.999,
  });
});

test('settings that are given stay, as do those that a base recommends for this optimiser', () => {
  const given = { optimizer: 'lion', learningRate: 0.003, beta2: 0.95 } as const;
  expect(resolveConfig({ ...required, ...given }, base)).toMatchObject(given);
  const lions = { ...base, train: { ...train, optimizer: 'lion' } };
  expect(resolveConfig(required, lions)).toMatchObject({ ...train, beta2: 0.99 });
});

test('a method other than the recommended one takes its own usual settings, unless the base knows it', () => {
  const other = { ...required, adapter: 'textual-inversion' };
  expect(resolveConfig(other, base)).toMatchObject({
    targets: ['*.token_embedding'],
    newToken: true,
    learningRate: 0.005,
    weightDecay: 0.02,
  });
  const methods = { 'textual-inversion': { learningRate: 0.03 } };
  expect(resolveConfig(other, { ...base, methods })).toMatchObject({ learningRate: 0.03 });
  expect(resolveConfig({ ...other, learningRate: 0.1 }, { ...base, methods })).toMatchObject({
    learningRate: 0.1,
  });
});

test('every value says where it came from', () => {
  const recommendation = { ...base, adapters: { krona: { a1: 4 } } };
  const { sources } = resolveSettings({ ...required, optimizer: 'lion', steps: 3 }, recommendation);
  expect(sources).toMatchObject({
    steps: 'given',
    optimizer: 'given',
    learningRate: 'optimizer',
    beta2: 'optimizer',
    adapterOptions: 'base model',
    clipNorm: 'default',
  });
  expect(resolveSettings(required, base).sources).toMatchObject({
    learningRate: 'base model',
    adapterOptions: 'default',
  });
  const other = { ...required, adapter: 'textual-inversion', newToken: true };
  expect(resolveSettings(other, base).sources).toMatchObject({
    learningRate: 'method',
    weightDecay: 'base model',
    newToken: 'given',
    targets: 'method',
  });
});
