/** @file Names as paths: what leads out of a folder, or means something else on another system, is refused. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DataError } from '../../base/errors.ts';
import { isPathName, pathInside } from './path-inside.ts';

test.each(['dog6', 'bear plushie', 'Hündchen', 'a...b', 'results/0f3a.json', 'x'.repeat(200)])(
  '%j is a path inside',
  (name) => {
    expect(pathInside('folder', name, 'subject')).toBe(join('folder', ...name.split('/')));
  },
);

test.each([
  '',
  '.',
  '..',
  '../X',
  '../../../X',
  'a/../../X',
  'a//b',
  '/etc/passwd',
  'a/',
  '.hidden',
  'a\\..\\b',
  'C:x',
  'a\0b',
  'a\nb',
  'a\ud800',
  'x'.repeat(201),
  'ü'.repeat(101),
])('%j is refused', (name) => {
  expect(isPathName(name)).toBe(false);
  expect(() => pathInside('folder', name, 'subject')).toThrow(DataError);
  expect(() => pathInside('folder', name, 'subject')).toThrow(/^subject: ".*rename it$/s);
});
