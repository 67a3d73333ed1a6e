import { expect, test } from 'vitest';
import { blankImage } from '../../data/image.ts';
import { pictureWarnings, requireCaptions } from './picture-warnings.ts';

const target = { width: 64, height: 64 };

/** A picture of a size, told from others by its grey. */
function picture(name: string, width: number, height: number, grey: number, caption?: string) {
  const crop = blankImage(64, 64, [grey, grey, grey]);
  const captions = caption === undefined ? [] : [caption];
  return { name, captions, crop, framing: { original: { width, height }, target } };
}

test('ordinary pictures give no warning', () => {
  const pictures = [
    picture('square.png', 64, 64, 1),
    picture('enlarged twice.png', 32, 40, 2),
    picture('panorama.png', 1280, 640, 3),
    picture('a third is left.png', 192, 64, 4),
  ];
  expect(pictureWarnings(pictures, { captions: false })).toEqual([]);
});

test('tiny pictures, slivers and equal ones are named', () => {
  const pictures = [
    picture('a.png', 64, 64, 1),
    picture('tiny.png', 20, 12, 2),
    picture('sliver.png', 2000, 64, 3),
    picture('b.png', 64, 64, 1),
  ];
  expect(pictureWarnings(pictures, { captions: false })).toEqual([
    expect.stringMatching(/^tiny\.png \(20 x 12\): enlarged more than twice/),
    expect.stringMatching(/^sliver\.png \(2000 x 64\): so long that less than a third is left/),
    expect.stringMatching(/^a\.png = b\.png: equal/),
  ]);
});

test('captions that lack are named where some are there, and letters that were lost', () => {
  const pictures = [
    picture('a.png', 64, 64, 1, 'a dog'),
    picture('b.png', 64, 64, 2),
    picture('c.png', 64, 64, 3, 'a caf\uFFFD'),
  ];
  expect(pictureWarnings(pictures, { captions: true })).toEqual([
    'b.png: without a caption; the prompt stands for it',
    expect.stringMatching(/^c\.png: has a letter in its caption that another program lost/),
  ]);
});

test('of many pictures the first five are named', () => {
  const pictures = Array.from({ length: 7 }, (_, i) => picture(`${i}.png`, 64, 20, i));
  const [warning] = pictureWarnings(pictures, { captions: false });
  expect(warning).toContain('4.png (64 x 20) and 2 more: enlarged');
});

test('captions of which there is none are refused', () => {
  const pictures = [picture('a.png', 64, 64, 1)];
  expect(pictureWarnings(pictures, { captions: true })).toEqual([]);
  expect(() => requireCaptions('dogs', pictures)).toThrow(
    'dogs: captions are asked for, and none of 1 pictures has one',
  );
  requireCaptions('dogs', [...pictures, picture('b.png', 64, 64, 2, 'a dog')]);
});
