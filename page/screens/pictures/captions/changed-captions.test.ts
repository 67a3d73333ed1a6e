import { describe, expect, test } from 'vitest';
import { captionsOf, changedCaptions, wordsOfName } from './changed-captions.ts';

const pictures = [
  { name: 'red_dog.jpg', caption: 'a dog on grass' },
  { name: 'IMG_2041.JPG', caption: undefined },
  { name: 'dog in snow (2).png', caption: undefined },
];
const of = (kind: Parameters<typeof changedCaptions>[1]['kind'], text = '', by = '') =>
  changedCaptions(pictures, { kind, text, by }).map(({ caption }) => caption);

describe('many captions at once', () => {
  test.each([
    ['before', of('before', 'a photo,'), ['a photo, a dog on grass', 'a photo', 'a photo']],
    ['after', of('after', ', in snow'), ['a dog on grass, in snow', 'in snow', 'in snow']],
    ['replaced', of('replace', 'a dog', '{subject}'), ['{subject} on grass']],
    ['from names, where there is none', of('names'), ['dog in snow']],
    ['removed', of('none'), ['']],
    [
      'nothing typed, nothing changed',
      [...of('before'), ...of('after', ' '), ...of('replace')],
      [],
    ],
  ])('%s', (_, changed, expected) => expect(changed).toEqual(expected));

  test('what they were is kept for those that change alone', () => {
    const changes = changedCaptions(pictures, { kind: 'names', text: '', by: '' });
    expect(captionsOf(pictures, changes)).toEqual([{ name: 'dog in snow (2).png', caption: '' }]);
  });

  test.each([
    ...['DSC0001.jpg', 'PXL_20240101_120000.jpg', '1.png', 'Screenshot 2024-01-01 at 10.00.png'],
    ...['WhatsApp Image 2024-01-01 at 10.00.jpg', '3f2a9c1b77e0d4aa.png', 'Foto (3).jpg'],
  ])('%s has no words', (name) => expect(wordsOfName(name)).toBe(''));

  test.each([
    ['blue-mug_on-table-03.webp', 'blue mug on table'],
    ['Bildhauer.png', 'Bildhauer'],
  ])('%s says %s', (name, words) => expect(wordsOfName(name)).toBe(words));
});
