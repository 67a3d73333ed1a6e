import { expect, test } from 'vitest';
import type { Drawing } from '../../../../src/studio/interface/drawing-operations.ts';
import { placesOf } from './places.ts';

const drawing: Drawing = {
  ...{ id: '1', state: 'drawing', waitsFor: undefined, done: 1, total: 4, progress: 0.375 },
  ...{ secondsLeft: undefined, pictures: ['a'], notes: [], error: undefined },
  request: { adapters: [{ id: 'dog', strength: 1 }], settings: { prompt: 'a dog' } },
};

test('a picture that is there, the one that comes with how far it is, and those that wait', () => {
  const { places, more } = placesOf([drawing]);
  expect(places.map(({ picture, share }) => [picture, share])).toEqual([
    ['a', undefined],
    [undefined, 0.5],
    [undefined, undefined],
    [undefined, undefined],
  ]);
  expect(more).toBe(0);
});

test('what was cancelled has no empty places', () => {
  expect(placesOf([{ ...drawing, state: 'cancelled' }]).places).toHaveLength(1);
});

test('of many, those around the newest', () => {
  const pictures = Array.from({ length: 20 }, (_, n) => `p${n}`);
  const { places, more } = placesOf([{ ...drawing, pictures, done: 20, total: 100 }]);
  expect(places.map(({ picture }) => picture)).toEqual([...pictures.slice(13), undefined]);
  expect(more).toBe(92);
});

test('a sweep says the strengths of the adapter that it is over', () => {
  const at = (strength: number): Drawing => ({
    ...{ ...drawing, state: 'waiting', pictures: [], total: 1 },
    request: {
      ...drawing.request,
      adapters: [
        { id: 'style', strength: 0.5 },
        { id: 'dog', strength },
      ],
    },
  });
  expect(placesOf([at(0), at(0.5)]).places.map(({ strength }) => strength)).toEqual([0, 0.5]);
});
