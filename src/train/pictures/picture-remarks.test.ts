import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { decodeImage, type Image } from '../../data/image.ts';
import { pocketSubject } from '../../data/pocket.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { pictureRemarks } from './picture-remarks.ts';
import { type PictureTraits, pictureTraits } from './picture-traits.ts';

const sizes = [{ width: 64, height: 64 }];

async function picturesOf(name: string): Promise<readonly Image[]> {
  const { images } = await pocketSubject(name);
  return await Promise.all(images.map(async (path) => decodeImage(await readBytes(path), path)));
}

/** A picture as sharp changes it. */
async function changed(image: Image, change: (picture: Sharp) => Sharp): Promise<Image> {
  const { width, height, data } = image;
  const raw = sharp(data, { raw: { width, height, channels: 3 } });
  return await decodeImage(await change(raw).toBuffer(), 'changed.png');
}

function named(traits: readonly PictureTraits[], captions: readonly (string | undefined)[] = []) {
  return traits.map((each, i) => ({ ...each, name: `${i}.png`, caption: captions[i] }));
}

const kindsAndNames = (
  traits: readonly PictureTraits[],
  captions?: readonly (string | undefined)[],
) => pictureRemarks(named(traits, captions), sizes).map(({ kind, names }) => [kind, names.join()]);

test.each(['teapot', 'dog', 'robot'])('the bundled %s gives no remark', async (name) => {
  const images = await picturesOf(name);
  expect(kindsAndNames(images.map((image) => pictureTraits(image)))).toEqual([]);
});

test('a blurred picture is told from sharp ones, also small before an empty background', async () => {
  const [sharpOne, other, third] = await picturesOf('teapot');
  if (sharpOne === undefined || other === undefined || third === undefined) throw new Error('none');
  const soft = await changed(other, (picture) => picture.blur(2).png());
  const framed = await changed(third, (picture) =>
    picture.extend({ top: 60, bottom: 60, left: 60, right: 60, background: '#fff' }).png(),
  );
  const traits = [sharpOne, soft, framed].map((image) => pictureTraits(image));
  expect(kindsAndNames(traits)).toEqual([['blurred', '1.png']]);
});

test('copies that were resized, compressed or brightened are near duplicates, in groups', async () => {
  const [teapot, other] = await picturesOf('teapot');
  const [dog, third] = await picturesOf('dog');
  if (!teapot || !other || !dog || !third) throw new Error('none');
  const images = [
    teapot,
    await changed(teapot, (picture) => picture.resize(56).jpeg({ quality: 80 })),
    other,
    dog,
    await changed(dog, (picture) => picture.modulate({ brightness: 1.1 }).png()),
    third,
  ];
  const traits = images.map((image) => pictureTraits(image));
  expect(kindsAndNames(traits)).toEqual([
    ['near duplicates', '0.png,1.png'],
    ['near duplicates', '3.png,4.png'],
  ]);
});

test('one background behind nearly all is named, with those that have it', async () => {
  const images = await Promise.all(
    (await picturesOf('teapot')).map((image, i) =>
      changed(image, (picture) => {
        const around = { top: 16, bottom: 16, left: 16, right: 16 };
        return picture.extend({ ...around, background: i === 4 ? '#203010' : '#d8b090' }).png();
      }),
    ),
  );
  const traits = images.map((image) => pictureTraits(image));
  expect(kindsAndNames(traits)).toEqual([['same background', '0.png,1.png,2.png,3.png']]);
});

test('sizes, proportions, captions and how many there are', async () => {
  const [image] = await picturesOf('owl');
  if (image === undefined) throw new Error('none');
  const traits = pictureTraits(image);
  expect(
    kindsAndNames(
      [
        { ...traits, width: 50, height: 64 },
        { ...traits, width: 640, height: 300 },
      ],
      ['an owl'],
    ),
  ).toEqual([
    ['too small', '0.png'],
    ['near duplicates', '0.png,1.png'],
    ['ratio cut', '1.png'],
    ['missing captions', '1.png'],
    ['few pictures', '0.png,1.png'],
  ]);
  expect(kindsAndNames([])).toEqual([]);
});

test('a picture that was made smaller before is measured to the same', async () => {
  const [image] = await picturesOf('cat');
  if (image === undefined) throw new Error('none');
  const large = await changed(image, (picture) => picture.resize(768, 768).png());
  const small = await changed(large, (picture) => picture.resize(256, 256).png());
  const whole = pictureTraits(large);
  const made = pictureTraits(small, large);
  expect(made).toMatchObject({ width: 768, height: 768 });
  expect(made.sharpness / whole.sharpness).toBeGreaterThan(0.9);
  expect(made.sharpness / whole.sharpness).toBeLessThan(1.1);
  expect(
    pictureTraits(await changed(image, (picture) => picture.resize(2, 1).png())).sharpness,
  ).toBe(0);
});
