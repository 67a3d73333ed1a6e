import { expect, test } from 'vitest';
import { resolveConfig } from '../resolve-options.ts';
import type { TrainOptions } from '../train-options.ts';

const usual: TrainOptions = { images: 'pictures', subject: 'sks dog', out: 'run' };
const base = { train: {}, generate: {}, adapters: {}, methods: {} };

type Given = Partial<TrainOptions>;
type Case = [name: keyof TrainOptions, given: Given, other: Given];

const cat = { images: 'cat', subject: 'sks cat' };

test.each<Case>([
  ['captionLines', { captionLines: true }, { captions: true }],
  ['captionLines', { captionLines: true }, { concept: [{ ...cat, captions: true }] }],
  ['keepTokens', { keepTokens: 1 }, { shuffleTags: 4 }],
  ['tokenVectors', { tokenVectors: 2 }, { newToken: true }],
  ['initialWord', { initialWord: 'cup' }, { adapter: 'custom-diffusion' }],
  ['maskImages', { maskImages: 'masks' }, { masks: 'files' }],
  ['maskImages', { maskImages: 'masks', masks: 'alpha' }, { masks: 'auto' }],
  ['normalizeMasks', { normalizeMasks: true }, { masks: 'alpha' }],
  ['unmaskedWeight', { unmaskedWeight: 0.5 }, { masks: 'alpha' }],
  ['bucketStep', { bucketStep: 64 }, { buckets: true }],
  ['validationEvery', { validationEvery: 50 }, { validationImages: 'others' }],
  ['samplePrompt', { samplePrompt: ['a {subject}, wet'] }, { sampleEvery: 100 }],
  ['huberC', { huberC: 0.2 }, { loss: 'smooth-l1' }],
  ['huberScale', { huberScale: 2, loss: 'huber' }, { huberSchedule: 'constant' }],
  ['priorWeight', { priorWeight: 0.5 }, { priorCount: 2 }],
  ['scheduleCycles', { scheduleCycles: 3 }, { schedule: 'cosine-with-restarts' }],
  ['schedulePower', { schedulePower: 2 }, { schedule: 'polynomial' }],
  ['scheduleRules', { scheduleRules: '1:10,0.1' }, { schedule: 'piecewise' }],
  ['emaPower', { emaPower: 0.75 }, { emaDecay: 0.999 }],
  ['prodigyGrowth', { prodigyGrowth: 1.02 }, { optimizer: 'prodigy' }],
  ['beta2', { beta2: 0.99, optimizer: 'sgd' }, { optimizer: 'adamw' }],
  ['epsilon', { epsilon: 1e-6, optimizer: 'lion' }, { optimizer: 'prodigy' }],
])('%s counts with another setting alone: %o', (name, given, other) => {
  const refusal = expect.objectContaining({
    code: 'SETTING_UNHEEDED',
    message: expect.stringMatching(new RegExp(`^${name}: expected`)),
  });
  expect(() => resolveConfig({ ...usual, ...given }, base)).toThrow(refusal);
  expect(() => resolveConfig({ ...usual, ...given, ...other }, base)).not.toThrow();
});

test.each([{ tokenVectors: 2 }, { initialWord: 'cup' }])('%j of a further subject too', (own) => {
  const concept = [cat, { ...cat, subject: 'olis cat', ...own }];
  const refusal = expect.objectContaining({
    code: 'SETTING_UNHEEDED',
    message: expect.stringMatching(/^concept 2: (tokenVectors|initialWord): expected `newToken`/),
  });
  expect(() => resolveConfig({ ...usual, concept }, base)).toThrow(refusal);
  expect(() => resolveConfig({ ...usual, concept, newToken: true }, base)).not.toThrow();
});

test('a complete configuration may be given again, by every optimiser and method', () => {
  const recommendation = { ...base, train: { beta2: 0.95, huberC: 0.3 } };
  for (const optimizer of ['adamw', 'adafactor', 'sgd', 'lion', 'prodigy'] as const) {
    for (const adapter of ['krona', 'textual-inversion', 'blip-diffusion']) {
      const config = resolveConfig({ ...usual, optimizer, adapter }, recommendation);
      expect(resolveConfig(config, recommendation)).toEqual(config);
    }
  }
});
