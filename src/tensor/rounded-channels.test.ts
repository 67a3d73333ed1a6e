import { expect, test } from 'vitest';
import { channelScales, channelsLast, roundedChannels, tapsTurned } from './rounded-channels.ts';
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

test('output channels go last, taps outermost', () => {
  const turned = channelsLast(tensor('i8', [2, 3], Int8Array.of(1, 2, 3, 4, 5, 6)));
  expect(turned).toEqual(tensor('i8', [3, 2], Int8Array.of(1, 4, 2, 5, 3, 6)));
  const kernel = tensor(
    'i8',
    [70, 2, 1, 3],
    Int8Array.from({ length: 420 }, (_, i) => i % 119),
  );
  const { shape, data } = channelsLast(kernel);
  expect(shape).toEqual([6, 70]);
  // Output channel 69, input channel 1, tap 2.
  expect(data[(2 * 2 + 1) * 70 + 69]).toBe(kernel.data[(69 * 2 + 1) * 3 + 2]);
});

test('taps are turned for the way back, and a matrix has none', () => {
  const matrix = tensor('i8', [2, 3], Int8Array.of(1, 2, 3, 4, 5, 6));
  expect(tapsTurned(matrix)).toEqual(matrix);
  // Two output channels, one input channel, three taps.
  const kernel = tensor('i8', [2, 1, 1, 3], Int8Array.of(1, 2, 3, 4, 5, 6));
  expect(tapsTurned(kernel)).toEqual(tensor('i8', [6, 1], Int8Array.of(3, 6, 2, 5, 1, 4)));
});
