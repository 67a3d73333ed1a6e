import { expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import { tagOrders } from './tag-orders.ts';

const text = 'sks dog, sitting,  (grass, tall:1.2), outdoors ,, ';
const tags = ['(grass, tall:1.2)', 'outdoors', 'sitting', 'sks dog'];

test('orders have all tags, those kept in front, each order once, the same from the same seed', () => {
  const orders = tagOrders(text, { count: 50, keep: 1 }, new TorchGenerator(7));
  // Three tags have six orders, of which fifty draws find all.
  expect(orders).toHaveLength(6);
  expect(new Set(orders).size).toBe(6);
  for (const order of orders) {
    expect(order.startsWith('sks dog, ')).toBe(true);
    expect(order.split(/, (?![^(]*\))/).sort()).toEqual(tags);
  }
  expect(tagOrders(text, { count: 50, keep: 1 }, new TorchGenerator(7))).toEqual(orders);
  expect(tagOrders(text, { count: 2, keep: 1 }, new TorchGenerator(8))).not.toEqual(
    orders.slice(0, 2),
  );
});

test('a text with nothing to shuffle stays as it is written', () => {
  for (const [written, keep] of [
    ['a dog  in the snow', 0],
    ['a, b,  c', 2],
    ['a,b', 5],
  ] as const) {
    expect(tagOrders(written, { count: 4, keep }, new TorchGenerator(1))).toEqual([written]);
  }
});
