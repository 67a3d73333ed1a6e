import { expect, test } from 'vitest';
import { ConfigError } from '../base/errors.ts';
import { adapters, configureAdapter, isAdapterName } from './registry.ts';

test('every adapter is registered under its own name, with a title for lists', () => {
  for (const [key, { name, title }] of Object.entries(adapters)) {
    expect(name).toBe(key);
    expect(title).toMatch(/\S/);
  }
});

test('an unknown method is refused with the nearest and with all there are', () => {
  const configure = () => configureAdapter('kronna', {});
  expect(configure).toThrow(ConfigError);
  expect(configure).toThrow(/did you mean "krona"\?.*krona, lora/);
});

test('names inherited by every object are no methods', () => {
  expect(isAdapterName('toString')).toBe(false);
});
