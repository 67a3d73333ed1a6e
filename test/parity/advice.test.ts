import { describe, expect, test } from 'vitest';
import { advised } from './advice.ts';

const unetAdvice =
  'output: rel L2 < 1e-4 (abs 2e-4); gradients: rel L2 per tensor < 1e-3 (2e-3 for SDXL); krona_train losses rel 1e-4, factors abs 1e-3. float32_vs_float64 shows the rounding noise';

describe('advised', () => {
  test('reads the clause of a subject, with both its criteria', () => {
    expect(advised(unetAdvice, 'output', {})).toEqual({ relative: 1e-4, absolute: 2e-4 });
    expect(advised(unetAdvice, 'gradients', {})).toEqual({ relative: 1e-3 });
    expect(advised(unetAdvice, 'krona_train losses', {})).toEqual({ relative: 1e-4 });
    expect(advised(unetAdvice, 'factors', {})).toEqual({ absolute: 1e-3 });
  });

  test('reads what an advice begins with where no subject is named', () => {
    expect(advised('rel L2 < 1e-4, abs 2e-4', '', {})).toEqual({ relative: 1e-4, absolute: 2e-4 });
    const text = 'rel L2 < 1e-5 (abs 5e-5); gradients rel L2 < 1e-4';
    expect(advised(text, '', {})).toEqual({ relative: 1e-5, absolute: 5e-5 });
    expect(advised(text, 'gradients', {})).toEqual({ relative: 1e-4 });
  });

  test('falls back where the advice says nothing of the subject', () => {
    expect(advised('exact', '', { relative: 1e-5 })).toEqual({ relative: 1e-5 });
    expect(advised(unetAdvice, 'decoded', { relative: 1 })).toEqual({ relative: 1 });
  });
});
