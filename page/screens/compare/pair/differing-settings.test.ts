import { expect, test } from 'vitest';
import { differingSettings } from './differing-settings.ts';

test('only what differs, options of methods among it', () => {
  const shared = { base: 'pocket', steps: 100 };
  const krona = { ...shared, out: 'a', adapter: 'krona', adapterOptions: { a1: 4, a2: 8 } };
  const lora = { ...shared, out: 'b', adapter: 'lora', adapterOptions: { rank: 8 }, steps: 50 };
  expect(differingSettings(krona, lora)).toEqual([
    { key: 'steps', before: '100', after: '50' },
    { key: 'adapter', before: 'krona', after: 'lora' },
    { key: 'a1', before: '4', after: '–' },
    { key: 'a2', before: '8', after: '–' },
    { key: 'rank', before: '–', after: '8' },
  ]);
  expect(differingSettings(krona, { ...krona, out: 'c' })).toEqual([]);
});
