import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { commandLine } from './command-line.ts';

describe('a suggested command line', () => {
  test('is as people type it', () => {
    expect(commandLine('train', '--resume', 'runs/dog')).toBe('krona train --resume runs/dog');
    expect(commandLine('train', '--resume', 'my runs/Hündin')).toBe(
      'krona train --resume "my runs/Hündin"',
    );
    expect(commandLine('generate', '--prompt', 'a {subject} on the beach')).toBe(
      'krona generate --prompt "a {subject} on the beach"',
    );
  });

  test
    .runIf(process.platform !== 'win32')
    .each([
      'two words',
      'tab\there',
      'line\nbreak',
      "a dog's",
      'say "sit"',
      '$HOME',
      '$(date) `date`',
      String.raw`back\slash`,
      'loud!',
      '~/runs',
      '*.safetensors',
      '{a,b}',
      'a;b&c|d>e<f(g)#h',
      '',
      'Hündin 犬',
    ])('gives a shell %j as one word', (word) => {
    const line = commandLine('inspect', word).replace('krona', String.raw`printf '%s\n'`);
    expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' })).toBe(`inspect\n${word}\n`);
  });
});
