/** @file YAML texts: values, and what is wrong in which line. */
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../base/errors.ts';
import { parseYaml } from './yaml-text.ts';

const parse = (text: string) =>
  parseYaml(text, (problem) => new ConfigError('TEST', `file: ${problem}`));

test('anchors and JSON are read', () => {
  expect(parse('a: &x [1, 2]\nb: *x\n')).toEqual({ a: [1, 2], b: [1, 2] });
  expect(parse('{"a": [1, null]}')).toEqual({ a: [1, null] });
  expect(parse('')).toBe(null);
});

describe('refused with one line of ours', () => {
  const laughs = Array.from({ length: 9 }, (_, i) => {
    const below = i === 0 ? '"ha"' : `*a${i - 1}`;
    return `a${i}: &a${i} [${Array.from({ length: 9 }, () => below).join(', ')}]`;
  }).join('\n');
  test.each([
    ['an alias that names nothing', 'a: 1\nb:\n  - *sizes\n', /^file: line 3: the alias \*sizes/],
    ['an alias before its anchor', 'a: *x\nb: &x 1\n', /^file: line 1: the alias \*x/],
    ['aliases that grow without bounds', laughs, /^file: Excessive alias count/],
    [
      'a key that stands twice',
      'a: 1\nlearning rate: 2\na: 3\n',
      /^file: line 3: a stands there again/,
    ],
    ['two documents', 'a: 1\n---\nb: 2\n', /^file: line 2: a second document begins/],
    ['a list without end', 'a: [1\n', /^file: not sound YAML or JSON: .*line 2/],
  ])('%s', (_what, text, message) => {
    expect(() => parse(text)).toThrow(ConfigError);
    expect(() => parse(text)).toThrow(message);
  });

  test('nesting beyond the stack', () => {
    expect(() => parse('['.repeat(20_000))).toThrow(/^file: .*call stack/);
  });
});
