import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import type { Site } from '../../nn/index.ts';
import { float32 } from '../../tensor/tensor.ts';
import { initialTensors } from '../placed.ts';
import { textualInversion } from './textual-inversion.ts';

const first: Site = { name: 'text_encoder.token_embedding', kind: 'table', out: 4, in: 2 };
const second: Site = { name: 'text_encoder_2.token_embedding', kind: 'table', out: 5, in: 3 };

/** Every entry says its row: 0, 1, 2, … */
function table({ out, in: inner }: Site) {
  return float32(
    [out, inner],
    Array.from({ length: out * inner }, (_, i) => Math.floor(i / inner)),
  );
}

/** The rows of the table that the vectors of a site start as. */
function startRows(options: unknown, site: Site): number[] {
  const placed = { adapter: textualInversion.configure(options), sites: [first, second] };
  const tensors = initialTensors(placed, new TorchGenerator(0), table);
  const vectors = tensors.get(`${site.name}.vectors`) ?? float32([0]);
  return [...vectors.data].filter((_, i) => i % site.in === 0);
}

describe('Textual Inversion', () => {
  test('starts its vectors from the rows that are stated for each table, taken in turn', () => {
    const options = { vectors: 3, initialIds: { [first.name]: [2, 1], [second.name]: [4] } };
    expect(startRows(options, first)).toEqual([2, 1, 2]);
    expect(startRows(options, second)).toEqual([4, 4, 4]);
  });

  test('starts from the first row where none is stated', () => {
    expect(startRows({}, first)).toEqual([0]);
  });

  test('names its word and how many rows it stands for', () => {
    const adapter = textualInversion.configure({ token: '<dog>', vectors: 2 });
    expect(adapter.newTokens).toEqual([{ token: '<dog>', vectors: 2 }]);
    expect(adapter.kinds).toEqual(['table']);
  });

  test('holds the rows of further words behind those of the first', () => {
    const cat = { token: '<cat>', initialIds: { [first.name]: [3] } };
    const options = {
      ...{ token: '<dog>', vectors: 2, initialIds: { [first.name]: [1] } },
      furtherWords: [cat],
    };
    expect(startRows(options, first)).toEqual([1, 1, 3]);
    expect(startRows(options, second)).toEqual([0, 0, 0]);
    expect(textualInversion.configure(options).newTokens).toEqual([
      { token: '<dog>', vectors: 2 },
      { token: '<cat>', vectors: 1 },
    ]);
  });

  test.each([{ token: '<a dog>' }, { token: '' }, { vectors: 0 }, { initialIds: { a: [] } }])(
    'refuses %o',
    (options) => {
      expect(() => textualInversion.configure(options)).toThrow(
        expect.objectContaining({ code: 'ADAPTER_OPTIONS' }),
      );
    },
  );
});
