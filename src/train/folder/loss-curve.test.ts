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

test('held-out losses are points between which the curve goes, on one scale with all others', () => {
  const steps = [
    { step: 1, loss: 2 },
    { step: 4, loss: 1 },
  ];
  const svg = lossCurve(steps, [
    { step: 0, loss: 3, baseLoss: 4 },
    { step: 4, loss: 2, baseLoss: 4 },
  ]);
  const [raw, , heldOut] = [...svg.matchAll(/points="([^"]*)"/g)].map((found) => found[1]);
  expect(raw).toBe('244.0,188.0 784.0,274.0');
  expect(heldOut).toBe('64.0,102.0 784.0,188.0');
  expect(svg).toContain('M64 16.0H784');
  expect(svg).not.toMatch(/NaN|undefined|\$/);
});

test('a run of one step without loss still has a picture', () => {
  expect(lossCurve([{ step: 1, loss: 0 }])).not.toMatch(/NaN|Infinity/);
});
