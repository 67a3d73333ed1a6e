import { expect, test } from 'vitest';
import { float32 } from '../../tensor/tensor.ts';
import { joinChannels } from './channels.ts';

test('channels are joined sample by sample', () => {
  const joined = joinChannels(
    float32([2, 1, 1, 2], [1, 2, 3, 4]),
    float32([2, 2, 1, 2], [5, 6, 7, 8, 9, 10, 11, 12]),
  );
  expect(joined.shape).toEqual([2, 3, 1, 2]);
  expect([...joined.data]).toEqual([1, 2, 5, 6, 7, 8, 3, 4, 9, 10, 11, 12]);
});
