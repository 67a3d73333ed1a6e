import { describe, expect, test } from 'vitest';
import { draftOf, emptyDraft, requestOf, sweepOf } from './draft.ts';

const draft = {
  ...emptyDraft(17),
  prompts: [' a dog ', ''],
  adapters: [
    { id: 'dog', strength: 0.8 },
    { id: 'style', strength: 0.5 },
  ],
  others: { steps: 20 },
};

describe('a draft', () => {
  test('asks for what it says, and for nothing that is left empty', () => {
    expect(requestOf(draft)).toEqual({
      adapters: draft.adapters,
      settings: { prompt: 'a dog', seed: 17, count: 4, steps: 20 },
    });
  });

  test('begins with a picture, and repaints what is painted', () => {
    const begin = { picture: 'p', strokes: [], mask: 'm' };
    expect(requestOf({ ...draft, begin })).toMatchObject({ initImage: 'p', mask: 'm' });
  });

  test('sweeps one adapter and leaves the others as they are', () => {
    const swept = sweepOf(draft, 'dog');
    expect(swept.map(({ adapters: [dog] }) => dog?.strength)).toEqual([
      ...[0, 0.25, 0.5, 0.75, 1, 1.25, 1.5],
    ]);
    for (const { adapters, settings } of swept) {
      expect(adapters[1]).toEqual({ id: 'style', strength: 0.5 });
      expect(settings).toMatchObject({ seed: 17, count: 1 });
    }
  });

  test('is filled by the settings of a picture, without what is usual', () => {
    const defaults = { steps: 50, guidance: 7.5, sampler: null };
    const settings = { prompt: 'a cat', seed: 3, count: 1, steps: 50, guidance: 4, unknown: 1 };
    const filled = draftOf({ adapters: [], base: 'pocket', settings }, defaults, draft);
    expect(filled).toMatchObject({ prompts: ['a cat'], seed: 3, keepsSeed: true, base: 'pocket' });
    expect(filled.others).toEqual({ guidance: 4 });
  });
});
