import { expect, test } from 'vitest';
import { requireHeeded } from './unheeded.ts';

const usual: Parameters<typeof requireHeeded>[0] = {
  ...{ captions: false, captionLines: false, shuffleTags: undefined, keepTokens: 0 },
  ...{ maskImages: undefined, normalizeMasks: false },
  masks: 'none',
};

type Given = Partial<typeof usual>;
type Case = [name: string, given: Given, other: Given];

test.each<Case>([
  ['captionLines', { captionLines: true }, { captions: true }],
  [
    'captionLines',
    { captionLines: true },
    { concept: [{ images: 'cat', subject: 'sks cat', captions: true }] },
  ],
  ['keepTokens', { keepTokens: 1 }, { shuffleTags: 4 }],
  ['maskImages', { maskImages: 'masks' }, { masks: 'files' }],
  ['maskImages', { maskImages: 'masks', masks: 'alpha' }, { masks: 'auto' }],
  ['normalizeMasks', { normalizeMasks: true }, { masks: 'alpha' }],
])('%s counts with another setting alone: %o', (name, given, other) => {
  const refusal = expect.objectContaining({
    code: 'SETTING_UNHEEDED',
    message: expect.stringMatching(new RegExp(`^${name}: expected`)),
  });
  expect(() => requireHeeded({ ...usual, ...given })).toThrow(refusal);
  expect(() => requireHeeded({ ...usual, ...given, ...other })).not.toThrow();
});

test('nothing of the usual settings is unheeded', () => {
  expect(() => requireHeeded(usual)).not.toThrow();
});
