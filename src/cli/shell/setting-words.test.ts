import { expect, test } from 'vitest';
import { RunError } from '../../base/errors.ts';
import { inWordsOfCommand, withFlags } from './setting-words.ts';

const settings = new Set(['as', 'rank', 'initImage', 'subject', 'offline']);

test.each([
  ['add `initImage`, or leave it out', 'add --init-image, or leave it out'],
  ['such as `rank: 8`', 'such as --rank 8'],
  ['`as: lora, rank: 8` is nearest', '--as lora --rank 8 is nearest'],
  ['say `subject: sks dog`', 'say --subject "sks dog"'],
  ['`subject: a: b, c`', '--subject "a: b, c"'],
  // Not of this command, or no setting at all.
  ['leave `guidance` out', 'leave `guidance` out'],
  ['`as: lora, a1: 8`', '`as: lora, a1: 8`'],
  ['a `Name` and a lone `', 'a `Name` and a lone `'],
])('%s', (message, words) => {
  expect(withFlags(message, settings)).toBe(words);
});

test('an error brings the command to go on with, its paths quoted', () => {
  const error = new RunError('RUN_EXISTS', 'out: it holds a run', {
    details: { run: 'my runs/dog' },
  });
  expect(inWordsOfCommand(error, settings)).toBe(
    'out: it holds a run\nkrona train --resume "my runs/dog"',
  );
  expect(inWordsOfCommand(new RunError('RUN_EXISTS', 'not empty'), settings)).toBe('not empty');
});
