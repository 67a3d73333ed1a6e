import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePythonJson } from './python-json.ts';

describe('JSON of Python', () => {
  test.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['{"a": Infinity, "b": [NaN, -Infinity, 1]}', { a: Infinity, b: [Number.NaN, -Infinity, 1] }],
    ['{"NaN": NaN, "Infinity" : "Infinity"}', { NaN: Number.NaN, Infinity: 'Infinity' }],
    ['["n", "s", "NaN", NaN, ""]', ['n', 's', 'NaN', Number.NaN, '']],
    ['["\\"NaN", "\\\\", NaN, "a\\\\\\"Infinity:"]', ['"NaN', '\\', Number.NaN, 'a\\"Infinity:']],
    ['{"a": ["NaN:"], "b": NaN}', { a: ['NaN:'], b: Number.NaN }],
    ['{"text": "not -Infinity"}', { text: 'not -Infinity' }],
  ])('%s', (text, expected) => {
    expect(parsePythonJson(text)).toEqual(expected);
  });

  test.each(['nan', '+Infinity', 'NaN1', 'Infinity_', '--Infinity', '{NaN: 1}', '[NaN', 'NaN NaN'])(
    'refuses %s',
    (text) => {
      expect(() => parsePythonJson(text)).toThrow(SyntaxError);
    },
  );

  test('is what was written, whatever the strings and keys are', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: 'binary' }),
        fc.constantFrom('NaN', '"Infinity": NaN', 's', 'n', '\\'),
        fc.constantFrom(Number.NaN, Infinity, -Infinity, 0.5, null, true),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('NaN', 'a', '"', '-Infinity:'), tie('any')),
      ),
    })).any;
    fc.assert(
      fc.property(value, (content) => {
        expect(parsePythonJson(written(content))).toEqual(content);
      }),
    );
  });
});

/** As json.dumps writes it, NaN in front so that there always is one. */
function written(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(
    ([key, each]) => `${JSON.stringify(key)}: ${written(each)}`,
  );
  return `{${pairs.join(', ')}}`;
}
