import { expect, test } from 'vitest';
import { aroundAt, frameAt, freeWay, placeOf } from './frame-place.ts';

const wide = {
  ...{ width: 300, height: 100, trainedWidth: 64 },
  crop: { x: 100, y: 0, width: 100, height: 100 },
};
const square = { ...wide, width: 101, crop: { x: 0.5, y: 0, width: 100, height: 100 } };

test('a frame moves the way in which there is room', () => {
  expect(freeWay(wide)).toBe('x');
  expect(freeWay({ ...wide, width: 100, height: 300 })).toBe('y');
  expect(freeWay(square)).toBeUndefined();
});

test('places go along the way, and are told as what stands in the middle', () => {
  expect(placeOf(wide, 'x')).toBe(0.5);
  expect(frameAt(wide, 'x', 1)).toEqual({ ...wide.crop, x: 200 });
  expect(aroundAt(wide, 'x', 0)).toEqual({ x: 50 / 300, y: 0.5 });
  expect(aroundAt(wide, 'x', 0.5)).toBeNull();
});
