import { expect, test } from 'vitest';
import { lossCurve } from './loss-curve.ts';

test('the curve goes through every loss, highest at the top, and ends at the last step', () => {
  const svg = lossCurve([
    { step: 1, loss: 2 },
    { step: 2, loss: 1 },
    { step: 4, loss: 0 },
  ]);
  const [raw, mean] = [...svg.matchAll(/points="([^"]*)"/g)].map((found) => found[1]);
  expect(raw).toBe('244.0,16.0 424.0,188.0 784.0,360.0');
  expect(mean?.startsWith('244.0,16.0 ')).toBe(true);
  expect(svg).toContain('>2.00</text>');
  expect(svg).not.toContain('NaN');
});

test('a run of one step without loss still has a picture', () => {
  expect(lossCurve([{ step: 1, loss: 0 }])).not.toMatch(/NaN|Infinity/);
});
