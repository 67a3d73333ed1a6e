import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ResultsFile, readResults } from '../../src/experiments/report/data/read-results.ts';
import { pictureGrids } from '../../src/experiments/report/picture-grids.ts';
import { exampleResults, writeExample } from './example.ts';
import { grid } from './examples.ts';

let folder = '';
let file: ResultsFile;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-grids-'));
  const show = [{ kind: 'table' }, { kind: 'pictures' }] as const;
  const spec = { ...grid.spec, show: [...show] };
  const results = await exampleResults({ ...grid, spec, pictures: true });
  file = await readResults(await writeExample(folder, results));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const subject = () => file.results.subjects[0]?.name ?? '';

test('pictures stand by prompt, a row for each variant', async () => {
  const [first] = await pictureGrids(file, { kind: 'pictures', subjects: [subject()] });
  expect(first?.rows).toHaveLength(1 + file.results.variants.length);
  expect(first?.rows[1]?.cells).toHaveLength(first?.columns.length ?? 0);
});

test('across a setting, they stand by its values, a grid for each prompt and a row for the other settings', async () => {
  const prompts = [1, 2];
  const figure = { kind: 'pictures', subjects: [subject()], prompts } as const;
  const grids = await pictureGrids(file, {
    ...figure,
    prompts,
    across: 'adapter.a2',
    subjects: [subject()],
  });
  expect(grids).toHaveLength(2);
  const { variants } = file.results;
  const values = [...new Set(variants.map(({ factors }) => factors['adapter.a2']))];
  const others = [...new Set(variants.map(({ factors }) => factors['adapter.a1']))];
  const [first] = grids;
  expect(first?.columns).toEqual(values.map((value) => `a2 ${value}`));
  expect(first?.rows.map(({ label }) => label)).toEqual([
    'real pictures',
    ...others.map((value) => `${variants[0]?.case}, a1 ${value}`),
  ]);
  // Every picture is of the variant whose row and column it stands in.
  for (const row of first?.rows.slice(1) ?? []) {
    for (const [i, [picture]] of row.cells.entries()) {
      const shown = variants[picture?.variant ?? -1];
      expect(`${shown?.case}, a1 ${shown?.factors['adapter.a1']}`).toBe(row.label);
      expect(shown?.factors['adapter.a2']).toBe(values[i]);
    }
  }
});
