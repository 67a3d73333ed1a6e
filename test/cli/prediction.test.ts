import { expect, test } from 'vitest';
import { pocketFolder } from '../../src/data/pocket.ts';
import { krona } from './terminal.ts';

const commands = [
  ['generate', '--prompt', 'a teapot', '--out', 'nowhere'],
  ['train', '--images', pocketFolder(), '--subject', 'sks teapot', '--out', 'nowhere'],
];

test.each(commands)('krona %s: --prediction is for single files only', async (...command) => {
  const { code, err } = await krona([...command, '--prediction', 'epsilon']);
  expect(code).toBe(2);
  expect(err).toContain('base "pocket": what its UNet predicts stands in scheduler/');
});

test.each(commands)('krona %s: --prediction is one of three', async (...command) => {
  const { code, err } = await krona([...command, '--prediction', 'v']);
  expect(code).toBe(2);
  expect(err).toContain('--prediction: expected one of epsilon, v_prediction, sample, got "v"');
});
