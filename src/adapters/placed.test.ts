import { expect, test } from 'vitest';
import { AdapterError } from '../base/errors.ts';
import { float32 } from '../tensor/tensor.ts';
import { prepareAdapter } from './placed.ts';
import { configureAdapter } from './registry.ts';

test('constants that will not fit are refused after the first site, before hours of work', () => {
  const adapter = configureAdapter('svdiff', {});
  const sites = [8, 40_000].map((side) => ({
    name: `to_${side}`,
    kind: 'linear' as const,
    out: side,
    in: side,
  }));
  const read: string[] = [];
  const prepare = () =>
    prepareAdapter({ adapter, sites }, ({ name, out, in: inner }) => {
      read.push(name);
      return float32([out, inner]);
    });
  expect(prepare).toThrow(AdapterError);
  expect(prepare).toThrow(/svdiff: .* GB at 2 sites.*choose fewer/);
  expect(read).toEqual(['to_8', 'to_8']);
});
