import { expect, test } from 'vitest';
import { channelScales, channelsLast, roundedChannels } from './rounded-channels.ts';
import { float32, tensor } from './tensor.ts';

test('every output channel has the scale of its largest magnitude, and is off by half of it at most', () => {
  const weight = float32([3, 2, 2], [0.5, -1.27, 0.004, 0.006, 0, 0, 0, 0, 254, 127, -1, 3]);
  const scale = channelScales(weight);
  // A channel of zeros has the scale 1, so that nothing is divided by zero.
  expect([...scale.data]).toEqual([Math.fround(0.01), 1, 2]);
  const rounded = roundedChannels(weight, scale);
  expect([...rounded.data]).toEqual([50, -127, 0, 1, 0, 0, 0, 0, 127, 64, 0, 2]);
  expect(rounded.shape).toEqual([3, 2, 2]);
});

test('output channels go last', () => {
  const turned = channelsLast(tensor('i8', [2, 3], Int8Array.of(1, 2, 3, 4, 5, 6)));
  expect(turned).toEqual(tensor('i8', [3, 2], Int8Array.of(1, 4, 2, 5, 3, 6)));
  const many = tensor(
    'i8',
    [130, 2, 1],
    Int8Array.from({ length: 260 }, (_, i) => i % 120),
  );
  const { shape, data } = channelsLast(many);
  expect(shape).toEqual([2, 1, 130]);
  expect(data[1 * 130 + 129]).toBe(many.data[129 * 2 + 1]);
});
