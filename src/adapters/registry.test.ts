import { expect, test } from 'vitest';
import { ConfigError } from '../base/errors.ts';
import { adapters, configureAdapter, isAdapterName, trainableAdapter } from './registry.ts';

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

test.each([
  ['glora', { rank: 4 }],
  ['ia3', { side: 'input' }],
  ['boft', { side: 'output', blockSize: 4, factors: 2 }],
])('%s of a file is known, and refused where it would be trained', (method, options) => {
  expect(configureAdapter(method, options).options).toEqual(options);
  expect(() => trainableAdapter(method, options)).toThrow(
    expect.objectContaining({ code: 'METHOD_READ_ONLY' }),
  );
});

test('names inherited by every object are no methods', () => {
  expect(isAdapterName('toString')).toBe(false);
});

test.each<[string, object, object]>([
  ['krona', { gradientBatches: 4 }, { start: 'gradient' }],
  ...['lora', 'lokr', 'loha'].map(
    (method) => [method, { doraSide: 'input' }, { dora: true }] as [string, object, object],
  ),
])('an option of %s that nothing would heed is refused', (method, options, others) => {
  expect(() => configureAdapter(method, options)).toThrow(
    expect.objectContaining({
      code: 'ADAPTER_OPTIONS',
      message: expect.stringMatching(/counts only where .*(is not given|is false); set /),
    }),
  );
  expect(configureAdapter(method, { ...options, ...others }).options).toMatchObject(options);
});
