import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataError } from '../base/errors.ts';
import { blankImage, encodePng, type Image } from './image.ts';
import { readImageFolder } from './image-folder.ts';
import { enlarge } from './resize.ts';

let folder: string;
const png = await encodePng(blankImage(2, 2));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function put(files: Record<string, Uint8Array | string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

/** Every picture as it is. */
const whole = (image: Image): Image => image;

describe('a folder of pictures', () => {
  test('is read in natural order, whatever the case of the extensions', async () => {
    await put({ '10.png': png, '2.PNG': png, '1.Jpg': png, 'b.webp': png, 'a.jpeg': png });
    const { images, skipped } = await readImageFolder(folder, whole);
    const names = images.map(({ path }) => basename(path));
    expect(names).toEqual(['1.Jpg', '2.PNG', '10.png', 'a.jpeg', 'b.webp']);
    expect(images[0]?.image).toEqual(blankImage(2, 2));
    expect(skipped).toEqual([]);
  });

  test('keeps only what is made of each picture', async () => {
    await put({ '1.png': png });
    const { images } = await readImageFolder(folder, (image) => enlarge(image, 3));
    expect(images[0]?.image.width).toBe(6);
  });

  test('skips junk and says why', async () => {
    await put({
      '1.png': png,
      '.DS_Store': 'x',
      '._1.png': 'x',
      'Thumbs.db': 'x',
      'desktop.ini': 'x',
      '1.txt': 'a sks teapot',
      'photo.jxl': 'x',
      'metadata.jsonl': '{}',
      'metadata.csv': 'file_name,text',
      'dog.npz': 'x',
      README: 'x',
    });
    await mkdir(join(folder, 'more.png'));
    const { images, skipped } = await readImageFolder(folder, whole);
    expect(images.length).toBe(1);
    expect(Object.fromEntries(skipped.map(({ name, reason }) => [name, reason]))).toEqual({
      '.DS_Store': 'a hidden file',
      '._1.png': 'a hidden file',
      'Thumbs.db': 'a file of the operating system',
      'desktop.ini': 'a file of the operating system',
      '1.txt': 'a text; it is read as a caption where captions are asked for',
      'metadata.jsonl': 'a list of captions; it is read where captions are asked for',
      'metadata.csv':
        'a list of captions, which is not read; write metadata.jsonl, or dog1.txt beside dog1.jpg, and so on',
      'dog.npz': 'no picture, by its extension .npz',
      'photo.jxl': '.jxl is not read; convert it to .jpg, .png or .webp',
      README: 'no extension; pictures end in .jpg, .png, .webp, .gif, .tif, .avif or .heic',
      'more.png': 'a sub-folder; its pictures are not read',
    });
  });

  test('leaves out the masks and conditioning pictures that other tools put beside pictures', async () => {
    await put({ 'p1.png': png, 'p2.png': png, 'gas_mask.png': png, 'fly-maskings.png': png });
    await put({ 'p1-masklabel.png': png, 'p2_mask.png': png, 'P1-CondLabel.PNG': png });
    const { images, skipped } = await readImageFolder(folder, whole);
    const names = images.map(({ path }) => basename(path));
    expect(names).toEqual(['fly-maskings.png', 'gas_mask.png', 'p1.png', 'p2.png']);
    expect(Object.fromEntries(skipped.map(({ name, reason }) => [name, reason]))).toEqual({
      'p1-masklabel.png': 'by its name a mask, which only a training reads that asks for masks',
      'p2_mask.png': 'by its name a mask, which only a training reads that asks for masks',
      'P1-CondLabel.PNG': 'by its name a conditioning picture, which is not read',
    });
  });

  test('names a picture whose name is not UTF-8', async ({ skip }) => {
    await put({ '1.png': png });
    const name = Buffer.concat([
      Buffer.from(`${folder}/caf`),
      Uint8Array.of(0xe9),
      Buffer.from('.png'),
    ]);
    const isTaken = await writeFile(name, png).then(
      () => true,
      () => false,
    );
    if (!isTaken) skip('this file system takes UTF-8 names only');
    await expect(readImageFolder(folder, whole)).rejects.toMatchObject({
      code: 'NAME_ENCODING',
      message: `${folder}: expected names in UTF-8, found "caf\\xe9.png" in another encoding (\\x and its bytes); rename it`,
    });
  });

  test('is refused with the name of the one file that is no picture', async () => {
    await put({ '1.png': png, '2.jpg': 'a text' });
    const bad = join(folder, '2.jpg');
    await expect(readImageFolder(folder, whole)).rejects.toThrow(
      `${bad} is not a readable picture`,
    );
  });

  test('names all unreadable pictures at once', async () => {
    await put({ '1.png': png, '2.jpg': 'a text', '3.png': png.subarray(0, 40), '4.webp': '' });
    const reading = readImageFolder(folder, whole);
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(/^3 of 4 pictures.*2\.jpg.*3\.png.*4\.webp/s);
  });

  test.each([
    ['is empty', {}, 'it is empty'],
    ['holds only captions', { '1.txt': 'x' }, 'it holds only 1.txt (a text; it is read'],
  ])('that %s is refused with what to do', async (_, files, reason) => {
    await put(files);
    const reading = readImageFolder(folder, whole);
    await expect(reading).rejects.toMatchObject({ code: 'NO_IMAGES' });
    await expect(reading).rejects.toThrow(`${folder} holds no picture: ${reason}`);
  });

  test('that is missing, or a file, is refused', async () => {
    await put({ 'a.png': png });
    const missing = readImageFolder(join(folder, 'nowhere'), whole);
    await expect(missing).rejects.toMatchObject({ code: 'FOLDER_MISSING' });
    const file = readImageFolder(join(folder, 'a.png'), whole);
    await expect(file).rejects.toMatchObject({ code: 'NOT_A_FOLDER' });
  });

  test.skipIf(process.platform === 'win32')('names what would never end', async () => {
    await put({ '1.png': png });
    await symlink('/dev/zero', join(folder, '2.png'));
    execFileSync('mkfifo', [join(folder, '3.png')]);
    const reading = readImageFolder(folder, whole);
    await expect(reading).rejects.toThrow('2.png is no file');
    await expect(reading).rejects.toThrow('3.png is no file');
  });

  test('follows links to pictures and names those that lead nowhere', async () => {
    await put({ '1.png': png });
    await cp(join(folder, '1.png'), join(folder, '2.png'));
    await symlink(join(folder, '1.png'), join(folder, '3.png'));
    expect((await readImageFolder(folder, whole)).images.length).toBe(3);
    await symlink(join(folder, 'gone.png'), join(folder, '4.png'));
    await expect(readImageFolder(folder, whole)).rejects.toThrow('4.png is a link to no picture');
  });
});
