import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  paperTables,
  readPaperTable,
  rowBeside,
  rowOfSubject,
} from '../../src/experiments/report/data/paper-table.ts';
import { fixturePath } from '../fixtures.ts';

describe('the tables of the paper', () => {
  test('have the rows that it prints, each with a name of its own', async () => {
    const tables = await Promise.all(paperTables.map(readPaperTable));
    expect(tables.map(({ rows }) => rows.length)).toEqual([36, 56, 8, 5, 8]);
    for (const { rows } of tables) {
      expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    }
    expect(tables.map(({ bySubject }) => bySubject)).toEqual([true, false, false, false, false]);
    expect(tables.map(({ base }) => base)).toEqual(['SDXL', 'SDXL', 'SDXL', 'SDXL', undefined]);
  });

  test('hold the numbers of the files they were taken from', () => {
    const read = (folder: string, name: string) =>
      JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
        readonly rows: unknown;
      };
    for (const table of paperTables) {
      const own = read(join(import.meta.dirname, '../../experiments/paper'), `${table}.json`);
      expect(own.rows).toEqual(read(fixturePath('paper'), `${table}.json`).rows);
    }
  });

  test('stand beside a variant by the name that its case gives', async () => {
    const table = await readPaperTable('table3');
    const row = rowBeside(table, { factors: {} }, 'LoRA-DreamBooth, rank=4');
    expect(row).toMatchObject({
      parameters: '5.8M',
      scores: { dino: { mean: 0.635, std: 0.136 } },
    });
    expect(rowBeside(table, { factors: {} }, 'LoRA, rank=4')).toBeUndefined();
    expect(rowBeside(table, { factors: {} })).toBeUndefined();
  });

  test('stand beside what varies by a name with a place for it', async () => {
    const table = await readPaperTable('table4');
    const beside = (factor: number) =>
      rowBeside(table, { factors: { 'adapter.factor': factor } }, 'LoKr, factor={adapter.factor}');
    expect([2, 4, 8, 16].map((factor) => beside(factor)?.scores.dino?.mean)).toEqual([
      0.727, 0.683, 0.568, 0.472,
    ]);
    expect(beside(32)).toBeUndefined();
  });

  test('of counts need no name', async () => {
    const table = await readPaperTable('table2');
    const beside = rowBeside(table, { factors: { 'adapter.a1': 4, 'adapter.a2': 64 } });
    expect(beside).toMatchObject({ name: 'a1=4, a2=64', parameters: 3_874_560 });
  });

  test('of subjects stand beside them however their words are joined', async () => {
    const table = await readPaperTable('table1');
    expect(rowOfSubject(table, 'robot_toy')?.scores.dino).toEqual(
      table.rows.find(({ name }) => name === 'Robot Toy')?.scores.dino,
    );
    expect(rowOfSubject(table, 'teapot')?.name).toBe('Teapot');
    expect(rowOfSubject(table, 'octopus')).toBeUndefined();
    expect(rowOfSubject(await readPaperTable('table3'), 'teapot')).toBeUndefined();
  });

  test('that do not exist are refused', async () => {
    await expect(readPaperTable('table33')).rejects.toMatchObject({
      code: 'PAPER_TABLE',
      message: expect.stringContaining('did you mean "table3"?'),
    });
  });
});
