import { expect, test } from 'vitest';
import { required } from '../../base/required.ts';
import { trainSchema } from '../../train/train-options.ts';
import { fieldsOf, readField } from './fields.ts';

const fields = fieldsOf(trainSchema);

/** What a flag's texts are read as. */
function reading(key: string, ...texts: readonly string[]): () => unknown {
  const field = required(
    fields.filter((each) => each.key === key),
    0,
  );
  return () => readField(field, texts);
}

test('a comma before no name is one of a value', () => {
  expect(reading('concept', 'images=my, dog,subject=sks dog, red,repeats=2')()).toEqual([
    { images: 'my, dog', subject: 'sks dog, red', repeats: 2 },
  ]);
});

test.each([
  ['concept', 'images=dog,subject=sks dog,foo=3', /^--concept: \[0\]: there is no "foo"/],
  ['concept', 'images=dog,subject=sks dog,prior-count=3', /did you mean "priorCount"\?/],
  ['concept', 'images=dog', /^--concept: \[0\]\.subject: expected text, found nothing \(/],
  ['concept', 'images=dog,subject=sks dog,repeats=0', /\[0\]\.repeats: .* found 0 \(/],
  ['siteLearningRates', 'attn2.*=-1', /a number of at least 0, found -1 \(/],
  ['siteLearningRates', 'attn2.*=fast', /expected a number, found "fast" \(/],
])('of --%s %s the wrong part is named', (key, text, said) => {
  expect(reading(key, text)).toThrow(
    expect.objectContaining({ code: 'FLAG_VALUE', message: expect.stringMatching(said) }),
  );
});
