import { expect, test } from 'vitest';
import { sampleTable } from './sample-table.ts';

const sample = (step: number, prompt: string, isAsked = false) => ({
  ...{ step, prompt, isAsked, picture: `${step} ${prompt}` },
});

test('samples stand by step and prompt, those asked for apart', () => {
  const table = sampleTable([
    sample(0, 'a'),
    sample(0, 'b'),
    sample(7, 'c', true),
    sample(50, 'a'),
    sample(60, 'd', true),
  ]);
  expect(table.steps).toEqual([0, 50]);
  expect(table.prompts).toEqual(['a', 'b']);
  expect(table.at(50, 'a')?.picture).toBe('50 a');
  expect(table.at(50, 'b')).toBeUndefined();
  expect(table.asked.map(({ prompt }) => prompt)).toEqual(['d', 'c']);
});
