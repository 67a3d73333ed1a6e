import { describe, expect, test } from 'vitest';
import { cellKey, type KnownRequest } from './cell-key.ts';

const request: KnownRequest = {
  base: 'pocket',
  settings: { prompt: 'a dog', steps: 20, guidance: 7.5, seed: 3 },
  adapters: [
    { fingerprint: 'aa', strength: 1 },
    { fingerprint: 'bb', strength: 0.5 },
  ],
  initImage: undefined,
  mask: undefined,
};
const key = cellKey(request);

describe('the key of a cell', () => {
  test.each<[string, Partial<KnownRequest>]>([
    ['the order of settings', { settings: { seed: 3, guidance: 7.5, steps: 20, prompt: 'a dog' } }],
    ['what decides no picture', { settings: { ...request.settings, count: 1, batchSize: 4 } }],
    ['settings that are not given', { settings: { ...request.settings, sampler: undefined } }],
  ])('is the same whatever %s', (_, change) => {
    expect(cellKey({ ...request, ...change })).toBe(key);
  });

  test('is that of the usual seed and base where none is given', () => {
    const usual = { ...request, adapters: [], settings: { prompt: 'a dog' } };
    expect(cellKey({ ...usual, base: undefined })).toBe(
      cellKey({ ...usual, settings: { prompt: 'a dog', seed: 0 } }),
    );
  });

  test('is another for everything that decides', () => {
    const [first, second] = request.adapters;
    const others: readonly Partial<KnownRequest>[] = [
      { base: undefined },
      { base: 'owner/name' },
      ...['prompt', 'negative', 'steps', 'guidance', 'seed', 'sampler', 'width', 'strength'].map(
        (name) => ({ settings: { ...request.settings, [name]: name === 'prompt' ? 'a cat' : 8 } }),
      ),
      { adapters: [] },
      { adapters: [{ fingerprint: 'cc', strength: 1 }, ...(second ? [second] : [])] },
      { adapters: [{ fingerprint: 'aa', strength: 0.9 }, ...(second ? [second] : [])] },
      { adapters: [second, first].flatMap((each) => each ?? []) },
      { initImage: 'hash' },
      { mask: 'hash' },
    ];
    const keys = [key, ...others.map((change) => cellKey({ ...request, ...change }))];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
