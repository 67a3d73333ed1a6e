import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { curves } from '../../src/experiments/report/charts/curve.ts';
import { heatMaps } from '../../src/experiments/report/charts/heat-map.ts';
import { intervalCharts } from '../../src/experiments/report/charts/intervals.ts';
import { placeLabels, spreadOut } from '../../src/experiments/report/charts/label-places.ts';
import { standaloneSvg } from '../../src/experiments/report/charts/render.ts';
import { scatterCharts } from '../../src/experiments/report/charts/scatter.ts';
import type { Chart } from '../../src/experiments/report/charts/variant-points.ts';
import { shortened } from '../../src/experiments/report/charts/variant-points.ts';
import { readPaperTable } from '../../src/experiments/report/data/paper-table.ts';
import { exampleResults } from './example.ts';
import { counts, grid, lokr, methods, rate } from './examples.ts';
import { tagsOf } from './markup-check.ts';

const textsOf = ({ svg }: Chart) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

/** Outlines in grey: the paper's marks. */
const diamonds = ({ svg }: Chart) => [...svg.matchAll(/<path[^>]*Z" stroke="#8a8f98"/g)];

/** Sound SVG that carries its own words and asks for nothing. */
function expectSound(charts: readonly Chart[], count: number): void {
  expect(charts.length).toBe(count);
  for (const { svg, reading } of charts) {
    for (const text of [svg, standaloneSvg(svg)]) {
      const [first, ...others] = tagsOf(text.trimEnd());
      expect(first?.name).toBe('svg');
      expect(others.some(({ name }) => ['script', 'image', 'use', 'style'].includes(name))).toBe(
        false,
      );
      expect(text).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toContain('http');
    expect(svg).toContain('role="img"');
    expect(reading).toMatch(/highest|\d/);
  }
}

describe('a curve', () => {
  test('has a line and a name for every series, and level lines for what does not vary', async () => {
    const results = await exampleResults(rate);
    const charts = await curves(
      results,
      { kind: 'curve', x: 'train.learningRate', scale: 'log' },
      undefined,
    );
    expectSound(charts, 3);
    const [first] = charts;
    const texts = first === undefined ? [] : textsOf(first);
    expect(texts).toEqual(
      expect.arrayContaining(['LoRA', 'untrained', '0.0001', '0.01', 'learning rate']),
    );
    expect(texts).toContain('Kronecker factors, A normal and B zero');
  });

  test('marks what the paper has', async () => {
    const results = await exampleResults(lokr);
    const figure = { kind: 'curve', x: 'adapter.factor', scale: 'log' } as const;
    const [plain] = await curves(results, figure, undefined);
    const [marked] = await curves(results, figure, await readPaperTable('table4'));
    if (plain === undefined || marked === undefined) throw new Error('no chart');
    expect([diamonds(marked).length, diamonds(plain).length]).toEqual([4, 0]);
    expect(textsOf(marked)).toContain('◇ the paper, on pictures of its own');
    expect(textsOf(plain)).not.toContain('◇ the paper, on pictures of its own');
  });
});

describe('a heat map', () => {
  test('has the number and the parameters in every cell', async () => {
    const results = await exampleResults(grid);
    const figure = { kind: 'heat map', x: 'adapter.a2', y: 'adapter.a1' } as const;
    const charts = await heatMaps(results, figure, undefined);
    expectSound(charts, 3);
    const texts = charts[0] === undefined ? [] : textsOf(charts[0]);
    // a1 2, a2 2: 16 x 4 + 1,900,000 / 4.
    expect(texts).toContain('475k');
    expect(texts.filter((text) => /^0\.\d{3}$/.test(text ?? '')).length).toBe(16);
  });

  test('of counts says how many the paper prints', async () => {
    const results = await exampleResults(counts);
    const figure = { kind: 'heat map', x: 'adapter.a2', y: 'adapter.a1' } as const;
    const charts = await heatMaps(results, figure, await readPaperTable('table2'));
    expectSound(charts, 1);
    expect(charts[0]?.caption).toBe(
      'highest 477,594,720 (a1 1, a2 2), lowest 1,506,240 (a1 128, a2 8); 49 of 56 are those that the paper prints, the others are printed as 0.25 of ours',
    );
    expect(textsOf(charts[0] ?? { title: '', reading: '', svg: '' })).toContain('≠ 119M');
  });
});

test('a scatter names its points with their parameters', async () => {
  const charts = await scatterCharts(await exampleResults(methods), {
    kind: 'scatter',
    x: 'clipT',
    y: 'dino',
  });
  expectSound(charts, 1);
  const texts = charts[0] === undefined ? [] : textsOf(charts[0]);
  expect(texts).toEqual(expect.arrayContaining(['KronA (8, 16) · 11.5k', 'base model, untrained']));
});

test('a scatter along a setting joins the variants of a case, and names the ends of its lines', async () => {
  const figure = { kind: 'scatter', x: 'clipT', y: 'dino' } as const;
  const results = await exampleResults(rate);
  const [joined] = await scatterCharts(results, { ...figure, along: 'train.learningRate' });
  const [apart] = await scatterCharts(results, figure);
  if (joined === undefined || apart === undefined) throw new Error('no chart');
  const lines = ({ svg }: typeof joined) => svg.match(/mark-line/g)?.length ?? 0;
  expect([lines(joined), lines(apart)]).toEqual([2, 0]);
  const labels = textsOf(joined).filter((text) => text?.includes('LoRA'));
  expect(labels).toEqual([
    'LoRA, learning rate 0.0001 · 43.0k',
    'LoRA, learning rate 0.01 · 43.0k',
  ]);
  expect(textsOf(joined)).toContain('untrained');
});

describe('dots with intervals', () => {
  test('have a line for each variant that was measured', async () => {
    const charts = await intervalCharts(
      await exampleResults(methods),
      ['dino', 'driftDino'],
      undefined,
    );
    expectSound(charts, 2);
    expect(charts.map((chart) => textsOf(chart).includes('base model, untrained'))).toEqual([
      true,
      false,
    ]);
  });

  test('are not drawn of counts, of one variant or of very many', async () => {
    expect(await intervalCharts(await exampleResults(counts), ['parameters'], undefined)).toEqual(
      [],
    );
    const one = {
      ...methods,
      variants: methods.variants.slice(0, 1),
      pictures: false,
      missing: [],
    };
    expect(await intervalCharts(await exampleResults(one), ['dino'], undefined)).toEqual([]);
  });
});

describe('labels', () => {
  test('keep their distance and their order', () => {
    const heights = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(heights, (wanted) => {
        const places = spreadOut(wanted, 0.2);
        const sorted = wanted
          .map((at, i) => ({ at, place: places[i] ?? 0 }))
          .sort((a, b) => a.at - b.at);
        for (const [i, { place }] of sorted.entries()) {
          if (i > 0) expect(place - (sorted[i - 1]?.place ?? 0)).toBeGreaterThan(0.2 - 1e-9);
        }
      }),
    );
    expect(spreadOut([0, 1, 2], 0.5)).toEqual([0, 1, 2]);
    expect(spreadOut([1, 1], 0.5)).toEqual([0.75, 1.25]);
  });

  test('stay inside, and off each other', () => {
    const size = { width: 200, height: 100 };
    const points = [
      { x: 190, y: 50, width: 60 },
      { x: 100, y: 50, width: 60 },
      { x: 104, y: 50, width: 60 },
    ];
    const places = placeLabels(points, size);
    // The first has no room on its right.
    expect(places[0]?.align).not.toBe('left');
    expect(places[1]).not.toEqual(places[2]);
  });

  test('that are too long lose their middle', () => {
    expect(shortened('Kronecker factors, learning rate 0.0001', 160, 12)).toBe(
      'Kronecker fa…rate 0.0001',
    );
    expect(shortened('short', 160, 12)).toBe('short');
  });
});
