import { describe, expect, test } from 'vitest';
import type { ComparisonRequest } from '../../../../src/studio/interface/comparison-operations.ts';
import { addressOf, askedIn } from './comparison-address.ts';

const searchOf = (address: string) => address.slice(address.indexOf('?'));

describe('a comparison in the address', () => {
  const request: ComparisonRequest = {
    x: { name: 'checkpoint', values: [0, 100] },
    y: { name: 'prompt', values: ['a & b = c', '50'] },
    z: { name: 'keepUnmasked', values: [true] },
    run: 'dog-3f9a1c7e',
    shared: {
      base: 'owner/name@main',
      adapters: [{ id: 'style=x', strength: -0.5 }],
      settings: { steps: 20, prompt: 'a {subject}' },
    },
  };

  test('comes back as it was', () => {
    const { x, y, z, run, base, adapters, settings } = askedIn(searchOf(addressOf(request)));
    expect({ x, y, z, run, shared: { base, adapters, settings } }).toEqual(request);
  });

  test('leaves out what is usual', () => {
    expect(askedIn('?run=dog&x=strength&with=style')).toEqual({
      run: 'dog',
      x: { name: 'strength', values: undefined },
      adapters: [{ id: 'style', strength: 1 }],
    });
  });

  test.each(['?x=a&xs=[1', '?x=a&xs={}', '?x=a&xs=[[1]]', '?x=a&xs=[null]'])(
    '%s: values that are none',
    (search) => expect(askedIn(search).x).toEqual({ name: 'a', values: undefined }),
  );

  test.each(['[]', '1', 'null', '{'])('settings=%s are none', (settings) =>
    expect(askedIn(`?settings=${settings}`)).toEqual({ adapters: [] }),
  );
});
