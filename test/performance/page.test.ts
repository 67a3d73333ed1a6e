/** @file docs/performance.md is made of its measurements alone. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Measurements, Setup } from '../../bench/performance/measurements.ts';
import { readMeasurements } from '../../bench/performance/measurements.ts';
import { documentOf, placesOf, writeDocument } from '../../bench/performance/write-document.ts';

const setup: Setup = {
  date: '2026-01-02',
  commit: 'abc1234',
  processor: 'A processor',
  threads: 2,
  memoryBytes: 16e9,
  node: '20.19.0',
  onnxruntime: '1.30.0',
  base: 'Stable Diffusion 1.5',
};

const point = { peakBytes: 2e9, flops: 1e12, parameters: 1000 };
const measured: Measurements = {
  step: {
    setup,
    resolution: 512,
    flops: 4e12,
    productRate: 1e12,
    version: '2.0',
    tried: { '--layer merged': 10 },
    compared: [
      {
        precision: 'float32',
        rendering: '--layer merged',
        // Ratios 0.5, 0.9, 0.6 and 0.8: neither 32/43 of sums nor one of medians.
        pairs: [
          { own: 5, other: 10 },
          { own: 9, other: 10 },
          { own: 6, other: 10 },
          { own: 8, other: 10 },
        ],
        peakBytes: { own: 5e9, other: 10e9 },
      },
    ],
  },
  batch: {
    setup: { ...setup, date: '2026-01-03' },
    resolution: 256,
    points: [
      { ...point, name: '1', x: 1, pairs: [{ own: 2, other: 2 }] },
      { ...point, name: '2', x: 2, pairs: [{ own: 3, other: 2 }] },
    ],
  },
};

test('ratios are medians of pairs with their range, and every part says what is not measured', async () => {
  const { text, figures } = await documentOf(measured, 'performance');
  expect(text).toContain(
    '| a step, PyTorch in float32 | 7.00 s | 10.0 s | 0.70 (0.50 to 0.90) |\n| peak memory | 5.00 GB | 10.0 GB | 0.50 |',
  );
  expect(text).toContain('| 2 | 1.00 TFLOP | 3.00 s | 1.50 (1.50 to 1.50) | 2.00 GB |');
  // Once at the top, and of the part of another day.
  expect(text.match(/2026-01-02/g)).toHaveLength(1);
  expect(text.match(/2026-01-03/g)).toHaveLength(1);
  // Drawing, starting and four curves.
  expect(text.match(/Not measured yet/g)).toHaveLength(6);
  expect([...figures.keys()]).toEqual(['batch-time', 'batch-memory']);
  expect(figures.get('batch-time')?.reading).toBe(
    'time of a step, as a ratio, against pictures a batch: 1: 1; 2: 1.5',
  );
});

test.runIf(existsSync('docs/performance.md'))(
  'docs/performance.md is what its measurements say',
  async () => {
    const { folder, measurements } = placesOf('docs/performance.md');
    const out = mkdtempSync(join(tmpdir(), 'krona-performance-'));
    try {
      const again = join(out, 'performance.md');
      await writeDocument(again, await readMeasurements(measurements));
      expect(readFileSync('docs/performance.md', 'utf8')).toBe(readFileSync(again, 'utf8'));
      const made = readdirSync(join(out, 'performance'));
      expect(readdirSync(folder).filter((name) => name.endsWith('.svg'))).toEqual(made);
      for (const name of made) {
        expect(readFileSync(join(folder, name), 'utf8'), name).toBe(
          readFileSync(join(out, 'performance', name), 'utf8'),
        );
      }
    } finally {
      rmSync(out, { recursive: true });
    }
  },
);
