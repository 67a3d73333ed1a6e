import { expect, test } from 'vitest';
import { AdapterError, ConfigError } from '../../base/errors.ts';
import { type ErrorCodeOf, isErrorOf } from './error-of.ts';

/** What a program says, which does not compile while a code is missing. */
function advice(code: ErrorCodeOf<'convert'>): string {
  switch (code) {
    case 'BASE_UNKNOWN':
      return 'Which model is it for?';
    case 'FORMAT_UNFIT':
      return 'Choose a form.';
    case 'OUT_EXISTS':
      return 'Choose another name.';
    default:
      return code satisfies never;
  }
}

test('the own errors of a function are told from others, and all of them can be answered', () => {
  const own: unknown = new AdapterError('FORMAT_UNFIT', 'it cannot hold it');
  expect(isErrorOf('convert', own) && advice(own.code)).toBe('Choose a form.');
  expect(isErrorOf('resume', own)).toBe(false);
  expect(isErrorOf('convert', new ConfigError('INVALID_SETTING', 'no'))).toBe(false);
  expect(isErrorOf('convert', Object.assign(new Error('no'), { code: 'OUT_EXISTS' }))).toBe(false);
});
